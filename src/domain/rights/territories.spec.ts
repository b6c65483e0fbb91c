import { common, covers, isNowhere, recordedTerritory, regionOf, subdivisionsOf, territoryFault } from './territories';

it('knows the codes that are assigned and no others', () => {
  for (const code of ['worldwide', 'GB', 'DE-BY', 'US-CA', 'group:DACH', 'group:EU@2013-07-01']) {
    expect(territoryFault(code)).toBeUndefined();
  }
  for (const code of ['', 'de', 'UK', 'XK', 'EU', 'AN', 'YU', 'ZZ', 'DE-', 'DE-ZZ', 'XX-01', 'group:', 'world', 7]) {
    expect(territoryFault(code)).toEqual(expect.any(String));
  }
});

it('records the version that a group has today', () => {
  expect(recordedTerritory('group:EEA')).toBe('group:EEA@2020-02-01');
  expect(recordedTerritory('group:EU@2013-07-01')).toBe('group:EU@2013-07-01');
});

it('counts a part of a country as inside it, and a country as inside its parts only where all are there', () => {
  const germany = regionOf(['DE']);
  expect(covers(germany, 'DE-BY')).toBe(true);
  expect(covers(regionOf(['DE-BY']), 'DE')).toBe(false);
  expect(covers(regionOf(subdivisionsOf('DE')), 'DE')).toBe(true);
});

it('tells the Union before and after the United Kingdom left', () => {
  expect(covers(regionOf(['group:EU@2013-07-01']), 'GB')).toBe(true);
  expect(covers(regionOf(['group:EU']), 'GB')).toBe(false);
  expect(covers(regionOf(['group:EEA']), 'group:EU')).toBe(true);
  expect(covers(regionOf(['group:EU']), 'group:DACH')).toBe(false);
});

it('takes the whole world for more than all countries', () => {
  expect(covers(regionOf(['worldwide']))).toBe(true);
  expect(covers(regionOf(['worldwide'], ['DE']))).toBe(false);
  expect(covers(regionOf(['worldwide'], ['DE-BY']), 'DE-BE')).toBe(true);
  expect(covers(regionOf(['worldwide'], ['DE-BY']), 'DE')).toBe(false);
});

it('finds what two regions have in common, down to the part of a country', () => {
  expect([...(common(regionOf(['DE', 'FR']), regionOf(['DE-BY', 'IT'])) as ReadonlySet<string>)]).toEqual(['DE-BY']);
  expect(common(regionOf(['worldwide']), regionOf(['PT']))).toEqual(new Set(['PT']));
  expect(isNowhere(common(regionOf(['DE']), regionOf(['FR'])))).toBe(true);
});
