import { isReleaseName } from './releasenames';

const RELEASES = `
v1.2.0 1.0 2.4 v7 V7 v10.0.0-beta.1 1.2.3-rc1 v1.0.0+build.5 qt-v5.0.0-alpha1 release-1.0 release/1.0.1 releases/2.0
octicons_gem@19.33.0 @primer/octicons@19.8.0 @design/old@1.0.0 icons@7 @scope/test@v2
release-7 rel_7 version-1-0 release_1_2_3 v1_2 v1-2-3 stable-4 v7-rc1 v7.beta2 v2a ver3
GNOME_ICON_THEME_2_28 ADWAITA_3_10_0 41.alpha 42.rc 43.beta1 45 7 1-2-3
debian/1.2-3 upstream/1.2 icons-v3.1 foo1.2
20200101 20240131 2024-01-31 2024.01.31 2024_01_31 2024.01 2024-01 24.04 release-20240131 v20240131 v2024-01-31
icons-20240131 tabler-2024-01-31 20240131.2 20240131-1 20240131T1200 2024-01-31T120000Z 20240131123045 release/2024-01
2024 2024a R2024a r2024b v2024 2024-Q1 2024q3 2024-w05 Q1-2024 January-2024 2024-jan jan2024 spring-2024 202401
`;

const OTHERS = `
nightly nightly-20240131 nightly-1.2.3 before-2019 before-2.0 after-1.0 dev7 rev3 r1234 latest stable main beta rc1
backup-20240131 backup/2024-01-31 archive/1.0 attic/v1.0 old-1.0 wip-2024-01-31 tmp-1.0 daily-20240131
build-42 build-20240131 ci-2024-01-31 deploy-20240131 test-20240131 merge-2024-01-31 snapshot-20240131 freeze-2024-01
before-cleanup feature-x icons sprint-12 milestone-3 icons-2024 abc1234 deadbeef 1234abcd 99991399x constructor __proto__
`;

const namesIn = (text: string) => text.trim().split(/\s+/);

it.each(namesIn(RELEASES))('%s is the name of a release', (name) => expect(isReleaseName(name)).toBe(true));
it.each(namesIn(OTHERS))('%s is not the name of a release', (name) => expect(isReleaseName(name)).toBe(false));

it('checks a long name quickly', () => {
  const names = [
    `${'a-1_'.repeat(60)}x`,
    '1'.repeat(240),
    `v${'1-'.repeat(120)}x`,
    `${'v1rc'.repeat(60)}!`,
    `v1${'-a'.repeat(100)}!`,
  ];
  for (const name of names) expect(typeof isReleaseName(name)).toBe('boolean');
});
