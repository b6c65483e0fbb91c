import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIBRARY } from '../../src/pictures/library';
import { namedLook, profilesIn } from '../../src/reactions/renditions/profiles';
import { openContentDirectory } from '../../src/store/content/directory';
import { bundle, type Program } from '../support/bundle';
import { until } from '../support/until';
import { approve, eventsIn, PROFILE_COUNT, PROFILES } from './approvals';

const ROOT = join(__dirname, '..', '..');
const APPROVALS = Number(process.env.TEST_APPROVALS ?? 24);
const KILLS = Number(process.env.TEST_KILLS ?? 8);
/** How long the work may take between two kills. */
const SECONDS = 60 + APPROVALS / 2;

let program: Program;
let worker: Program;
let dataDir: string;
beforeAll(async () => {
  program = await bundle(join(__dirname, 'following-program.ts'));
  worker = await bundle(join(ROOT, 'src', 'pictures', 'worker', 'pictureworker.ts'));
  dataDir = mkdtempSync(join(tmpdir(), 'palimpsest-renditions-'));
});
afterAll(() => {
  program.remove();
  worker.remove();
  rmSync(dataDir, { recursive: true });
});

async function following(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program.file, dataDir, worker.file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

type Told = Readonly<Record<'digest' | 'profile' | 'rendition', string>>;
/** What the events of a type say. */
const told = async (type: string): Promise<readonly Told[]> =>
  (await eventsIn(dataDir)).filter((event) => event.type === type).map(({ data }) => data as Told);
const prepared = () => told('RenditionPrepared');

test(
  'no rendition is lost and none is reported twice, whenever the process is killed',
  async () => {
    const digests = [...(await approve(dataDir, 0, Math.floor(APPROVALS / 2)))];
    const expected = APPROVALS * PROFILE_COUNT;
    const counts: number[] = [];
    for (let nth = 0; nth < KILLS; nth += 1) {
      const child = await following();
      // At its start first, later in the middle of the work.
      const enough = Math.min(Math.floor((expected * nth) / (KILLS * 2)), expected - 1);
      await until(prepared, ({ length }) => length >= enough, SECONDS);
      await kill(child);
      counts.push((await prepared()).length);
      if (nth === 2) digests.push(...(await approve(dataDir, Math.floor(APPROVALS / 2), APPROVALS)));
      // A bookmark that a power cut left behind.
      if (nth === 4) {
        mkdirSync(join(dataDir, 'reactions'), { recursive: true });
        writeFileSync(join(dataDir, 'reactions', 'pictures.json'), '{"position":');
      }
    }
    const last = await following();
    await until(prepared, ({ length }) => length >= expected, SECONDS);
    const analysed = () => told('ContentAnalysed');
    await until(analysed, ({ length }) => length >= APPROVALS, SECONDS);
    await kill(last);

    const events = await prepared();
    expect(new Set(events.map(({ digest, profile }) => `${digest} ${profile}`)).size).toBe(expected);
    expect(events).toHaveLength(expected);
    const facts = await analysed();
    expect(facts.map(({ digest }) => digest).sort()).toEqual([...digests].sort());
    // The kills hit something.
    expect(counts.some((count) => count > 0 && count < expected)).toBe(true);
    const content = openContentDirectory(join(dataDir, 'content'));
    const looks = new Map(profilesIn(PROFILES).map((profile) => [profile.name, namedLook(profile).name]));
    for (const { digest, profile, rendition } of events) {
      const bytes = await content.derived(digest, `${looks.get(profile)}.${LIBRARY}`);
      expect(createHash('sha256').update(bytes!).digest('hex')).toBe(rendition);
    }
  },
  120_000 + APPROVALS * 600,
);
