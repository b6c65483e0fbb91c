import { POSTER, register } from '../../test/domain/commands';
import { addComponent } from '../../test/domain/rights';
import { uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import { derivativesOf, lineage } from './queries';

const PHOTO = uuidOf('photo');
const CHILD = uuidOf('child');
const first = (asset: string) => ({ asset, version: 1 });

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  await story.does('ann', register());
  await story.does('ann', register({ asset: PHOTO, componentOf: POSTER }));
  await story.does('ann', register({ asset: CHILD, derivedFrom: [first(POSTER)], template: first(PHOTO) }));
});
afterEach(() => story.close());

const links = async (filter: object, at?: { readonly position: string }) => {
  const { rows } = await lineage.page(await story.reader('lineage'), { filter, first: 10 }, at);
  return rows.map(({ asset, origin, relation, version }) => [asset, origin, relation, version]);
};

it('tells what an asset comes from, and where it went', async () => {
  expect((await links({ assetId: CHILD })).sort()).toEqual(
    [
      [CHILD, POSTER, 'parent', 1],
      [CHILD, PHOTO, 'template', 1],
    ].sort(),
  );
  expect(await links({ originId: POSTER })).toEqual([[CHILD, POSTER, 'parent', 1]]);
  expect(await links({ assetId: POSTER })).toEqual([[POSTER, PHOTO, 'component', null]]);
});

it('tells the version of a component once it is named, and no longer when it is removed', async () => {
  const [added] = await story.does('ann', addComponent(first(PHOTO)));
  expect(await links({ assetId: POSTER })).toEqual([[POSTER, PHOTO, 'component', 1]]);
  await story.does('ann', { type: 'RemoveComponent', asset: POSTER, component: PHOTO });
  expect(await links({ assetId: POSTER })).toEqual([]);
  expect(await links({ assetId: POSTER }, { position: added!.position })).toEqual([[POSTER, PHOTO, 'component', 1]]);
});

it('counts an asset that is derived and made from a template as one derivative, and a component as none', async () => {
  await story.does('ann', register({ asset: uuidOf('both'), derivedFrom: [first(CHILD)], template: first(CHILD) }));
  const reader = await story.reader('lineage');
  expect(await derivativesOf(reader, [POSTER, PHOTO, CHILD, uuidOf('both')])).toEqual([1, 1, 1, 0]);
});
