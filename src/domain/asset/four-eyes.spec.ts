import {
  addVersion,
  changeMetadata,
  content,
  decide,
  register,
  requestReview,
  words,
} from '../../../test/domain/commands';
import { uuidOf, World } from '../../../test/domain/world';
import type { Actor } from '../event';

const service = (id: string, onBehalfOf?: string): Actor => ({ id, kind: 'service', onBehalfOf });

let world: World;
beforeEach(() => {
  world = new World();
});

describe('four eyes', () => {
  it('refuses approval by the person who made the version', () => {
    world.events('ann', register());
    world.events('ben', requestReview());
    expect(world.refusal('ann', decide())).toBe('FOUR_EYES');
  });

  it('refuses approval by a contributor to the version', () => {
    world.events('ann', register({ content: { ...content(), contributors: ['cat'] } }));
    world.events('ben', requestReview());
    expect(world.refusal('cat', decide())).toBe('FOUR_EYES');
  });

  it('refuses approval by the person who submitted it', () => {
    world.events('ann', register());
    world.events('ben', requestReview());
    expect(world.refusal('ben', decide())).toBe('FOUR_EYES');
  });

  it('refuses approval by a person who changed material metadata since that version', () => {
    world.events('ann', register());
    world.events('cat', changeMetadata({ set: { price: words('9.99', true) } }));
    world.events('ann', requestReview());
    expect(world.refusal('cat', decide())).toBe('FOUR_EYES');
  });

  it('refuses approval by the person who registered the material metadata', () => {
    world.events('cat', register({ content: undefined, metadata: { licence: words('free', true) } }));
    world.events('ann', addVersion('first draft'));
    world.events('ann', requestReview());
    const approval = decide('approve', { digest: content('first draft').digest });
    expect(world.refusal('cat', approval)).toBe('FOUR_EYES');
  });

  it('remembers an unapproved change when a version by another person follows', () => {
    world.events('ann', register());
    world.events('cat', changeMetadata({ set: { price: words('9.99', true) } }));
    const second = decide('approve', { version: 2, digest: content('second draft').digest });
    world.events('ann', addVersion('second draft'));
    world.events('ann', requestReview());
    expect(world.refusal('cat', second)).toBe('FOUR_EYES');
    world.events('ben', second);
    world.events('ann', addVersion('third draft'));
    world.events('ann', requestReview());
    const third = decide('approve', { version: 3, digest: content('third draft').digest });
    expect(world.types('cat', third)).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('refuses approval by the maker of these bytes, even if another person added them again', () => {
    world.events('cat', register({ content: content('draft') }));
    world.events('ann', addVersion('second draft'));
    world.events('ann', addVersion('draft'));
    world.events('ann', requestReview());
    expect(world.refusal('cat', decide('approve', { version: 3, digest: content('draft').digest }))).toBe('FOUR_EYES');
  });

  it('allows approval by a person who changed a field that is not material', () => {
    world.events('ann', register());
    world.events('cat', changeMetadata({ title: 'Better title', set: { shelf: words('8') } }));
    world.events('ann', requestReview());
    expect(world.types('cat', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('sees through a service that acts for the author, on either side', () => {
    world.events(service('studio', 'ann'), register());
    world.events('ben', requestReview());
    expect(world.refusal('ann', decide())).toBe('FOUR_EYES');
    expect(world.refusal(service('desk', 'ann'), decide())).toBe('FOUR_EYES');
    expect(world.refusal(service('studio', 'cat'), decide())).toBe('FOUR_EYES');
    expect(world.refusal(service('desk', 'cat'), decide())).toBe('accepted');
  });

  it('refuses approval by the person who registered these bytes as another asset before', () => {
    world.events('cat', register({ asset: uuidOf('copy of cat') }));
    world.events('ann', register());
    world.events('ann', requestReview());
    expect(world.refusal('cat', decide())).toBe('FOUR_EYES');
    expect(world.refusal('CAT ', decide('abstain'))).toBe('FOUR_EYES');
    expect(world.refusal(service('desk', 'cat'), decide())).toBe('FOUR_EYES');
  });

  it('refuses approval by a contributor to these bytes in another asset, in whichever version of it', () => {
    const asset = uuidOf('other');
    world.events('ben', register({ asset, content: { ...content(), contributors: ['Cat'] } }));
    world.events('ben', addVersion('second draft', { asset }));
    world.events('ann', register());
    world.events('ann', requestReview());
    expect(world.refusal('cat', decide())).toBe('FOUR_EYES');
    expect(world.refusal('ben', decide())).toBe('FOUR_EYES');
    expect(world.types('dan', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('lets those approve who made other bytes, and says up to where it looked', () => {
    world.events('cat', register({ asset: uuidOf('other'), content: content('other') }));
    world.events('ann', register());
    world.events('ann', requestReview());
    const [recorded] = world.events('cat', decide());
    expect(recorded?.data).toMatchObject({ makersAt: String(world.history.length - 2).padStart(20, '0') });
  });

  it('keeps even an abstention out of the record', () => {
    world.events('ann', register());
    world.events('ben', requestReview());
    expect(world.refusal('ann', decide('abstain'))).toBe('FOUR_EYES');
  });

  it('lets the author of an earlier version approve the work of another person', () => {
    world.events('ann', register());
    world.events('ben', addVersion('second draft'));
    world.events('ben', requestReview());
    const approval = decide('approve', { version: 2, digest: content('second draft').digest });
    expect(world.types('ann', approval)).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });
});
