import { addVersion, content, register } from '../../../test/domain/commands';
import { annotate, resolveAnnotation } from '../../../test/domain/reviewcommands';
import { uuidOf, World } from '../../../test/domain/world';

let world: World;
beforeEach(() => {
  world = new World();
  world.events('ann', register());
});

it('is about a region, a time or a page of one exact version', () => {
  const places = { region: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }, time: { from: 1.5, to: 2 }, page: 3 };
  expect(world.first<'AnnotationMade'>('ben', annotate('too dark', places))).toEqual({
    annotation: expect.any(String),
    version: 1,
    digest: content().digest,
    text: 'too dark',
    thread: undefined,
    ...places,
  });
});

it('is answered in its thread, however deep the answer', () => {
  const { annotation } = world.first<'AnnotationMade'>('ben', annotate('too dark'));
  const reply = world.first<'AnnotationMade'>('ann', annotate('it is night', { inReplyTo: annotation }));
  expect(reply.thread).toBe(annotation);
  const again = world.first<'AnnotationMade'>('ben', annotate('then lighter', { inReplyTo: reply.annotation }));
  expect(again.thread).toBe(annotation);
});

it('is made once, and seen to once', () => {
  const { annotation } = world.first<'AnnotationMade'>('ben', annotate('too dark'));
  expect(world.events('ben', annotate('too dark'))).toEqual([]);
  expect(world.types('cat', annotate('too dark'))).toEqual(['AnnotationMade']);
  expect(world.types('ann', resolveAnnotation(annotation))).toEqual(['AnnotationResolved']);
  expect(world.events('ann', resolveAnnotation(annotation))).toEqual([]);
});

it('is refused for a version that does not exist, and as an answer to one on another version', () => {
  expect(world.refusal('ben', annotate('x', { version: 2 }))).toBe('VERSION_NOT_FOUND');
  const { annotation } = world.first<'AnnotationMade'>('ben', annotate('too dark'));
  world.events('ann', addVersion('second draft'));
  expect(world.refusal('ben', annotate('x', { version: 2, inReplyTo: annotation }))).toBe('ANNOTATION_NOT_FOUND');
  expect(world.refusal('ben', annotate('x', { inReplyTo: uuidOf('none') }))).toBe('ANNOTATION_NOT_FOUND');
});

it.each([
  ['a region beyond the right edge', { region: { x: 0.8, y: 0, width: 0.3, height: 1 } }, 'region.width'],
  ['a region beyond the lower edge', { region: { x: 0, y: 0.8, width: 1, height: 0.3 } }, 'region.height'],
  ['a place left of the picture', { region: { x: -0.1, y: 0, width: 1, height: 1 } }, 'region.x'],
  ['a time that ends before it begins', { time: { from: 2, to: 1 } }, 'time.to'],
  ['a reply about a place of its own', { inReplyTo: uuidOf('any'), page: 1 }, 'inReplyTo'],
])('refuses %s', (_what, fields, at) => {
  const outcome = world.does('ben', annotate('x', fields));
  expect(outcome).toMatchObject({ refusal: { code: 'INVALID_INPUT', path: at.split('.') } });
});
