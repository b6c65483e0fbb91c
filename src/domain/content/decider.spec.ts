import { reportFixity, reportScan } from '../../../test/domain/commands';
import { sha256, uuidOf, World } from '../../../test/domain/world';
import { contentOf } from '../stream';

let world: World;
beforeEach(() => {
  world = new World();
});

const faultOf = (command: Parameters<World['does']>[1]) => {
  const outcome = world.does('eve', command);
  return 'refusal' in outcome ? `${outcome.refusal.code} ${outcome.refusal.message}` : 'none';
};

it('has the id that its digest says, and takes no other', () => {
  expect(contentOf('0123456789abcdef0123456789abcdeffedcba98')).toBe('01234567-89ab-cdef-0123-456789abcdef');
  const id = contentOf(sha256('sun'));
  expect(faultOf(reportScan('sun', { content: uuidOf('x') }))).toBe(
    `INVALID_INPUT content: the id of this digest is ${id}`,
  );
});

it('records what a scanner found once, and again where anything of it is another', () => {
  expect(world.events('eve', reportScan('sun'))).toHaveLength(1);
  expect(world.events('eve', reportScan('sun'))).toEqual([]);
  expect(world.events('eve', reportScan('sun', { definitions: '27300' }))).toHaveLength(1);
  expect(world.events('eve', reportScan('sun', { verdict: 'infected', finding: 'Eicar-Signature' }))).toHaveLength(1);
  expect(world.standing('content', contentOf(sha256('sun')))).toEqual({ verdict: 'infected', fixity: undefined });
});

it('records a change of the outcome at once, and the same outcome after 30 days', () => {
  expect(world.events('eve', reportFixity('sun'))).toHaveLength(1);
  world.now = '2026-03-31T08:59:59.999Z';
  expect(world.events('eve', reportFixity('sun'))).toEqual([]);
  expect(world.events('eve', reportFixity('sun', { outcome: 'damaged', found: sha256('rain') }))).toHaveLength(1);
  expect(world.events('eve', reportFixity('sun'))).toHaveLength(1);
  world.now = '2026-04-30T08:59:59.999Z';
  expect(world.events('eve', reportFixity('sun'))).toHaveLength(1);
  expect(world.standing('content', contentOf(sha256('sun')))).toMatchObject({ fixity: 'good' });
});

it('takes the digest of damaged bytes only, and only another one', () => {
  expect(faultOf(reportFixity('sun', { found: sha256('rain') }))).toContain('found: only damaged content');
  expect(faultOf(reportFixity('sun', { outcome: 'damaged', found: sha256('sun') }))).toContain('found: is the digest');
});
