import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundle, type Program } from '../support/bundle';
import type { Tally } from './comparing-program';

/** DOCUMENTS=100000 runs more, and SEED=… repeats a failure. */
const MANY = Number(process.env.DOCUMENTS ?? 10_000);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 30));
const CONTRACT = join(__dirname, '../../schema.graphql');

let program: Program;

beforeAll(async () => {
  program = await bundle(join(__dirname, 'comparing-program.ts'));
});
afterAll(() => program.remove());

describe('a repeated operation of the schema', () => {
  it.each([
    [0, 0.5],
    [0.02, 0.3],
    [0.2, 0.2],
  ])(
    'is answered as the plain executor answers it, byte for byte, where a part of %d of all fields fails',
    async (probability, share) => {
      const many = Math.ceil(MANY * share);
      const child = program.run(CONTRACT, String(SEED), String(many), String(probability));
      const tally = JSON.parse(await text(child.stdout!)) as Tally;
      console.info(JSON.stringify({ seed: SEED, probability, ...tally }));
      expect(tally.difference).toBeUndefined();
      // The comparison is meaningful: most operations are valid, and many are answered by the compiled form.
      expect(tally.asked).toBe(many);
      expect(tally.valid).toBeGreaterThan(many * 0.6);
      expect(tally.acts).toBeGreaterThan(many * 0.05);
      if (probability < 0.1) expect(tally.compiled).toBeGreaterThan(many * 0.2);
    },
    3_600_000,
  );
});
