import fc from 'fast-check';
import { asGitEvidence, withCommonEvidence, withTagAsEvidence } from './evidence';

const name = fc.string({ minLength: 1, unit: 'grapheme' });
const commit = fc.stringMatching(/^[0-9a-f]{40}$/);
const url = fc.option(fc.webUrl(), { nil: undefined });

const without = (fields: object) => JSON.parse(JSON.stringify(fields));

/** Evidence as git imports recorded it until it got one form for all tools. */
const old = fc
  .oneof(
    fc.record({ kind: fc.constant('trailer'), repository: name, commit, trailer: name, url }),
    fc.record({ kind: fc.constant('merge'), repository: name, commit, url }),
    fc.record({ kind: fc.constant('tag'), repository: name, commit, tag: name, url }),
  )
  .map(without);

it('keeps everything that evidence in git’s own terms said', () => {
  fc.assert(
    fc.property(old, (evidence) => {
      const lifted = withCommonEvidence({ evidence }) as { evidence: Parameters<typeof asGitEvidence>[0] };
      expect(Object.keys(without(lifted.evidence)).sort()).toEqual(
        ['kind', 'source', 'reference', ...('url' in evidence ? ['url'] : [])].sort(),
      );
      expect(asGitEvidence(lifted.evidence)).toEqual(evidence);
    }),
  );
});

it('calls what a report of contents named as its source evidence: a release tag', () => {
  const source = { repository: 'site', commit: 'c0ffee', tag: 'v1' };
  expect(withTagAsEvidence({ source })).toEqual({
    evidence: { kind: 'releaseTag', source: 'site', reference: 'c0ffee v1' },
  });
  const none = {};
  expect(withTagAsEvidence(none)).toEqual(none);
});

it('knows no older form of evidence from another tool', () => {
  expect(asGitEvidence({ kind: 'comment', source: 'figma', reference: '12' })).toBeUndefined();
});
