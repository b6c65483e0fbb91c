import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../domain/event';
import { openSqliteStore } from '../../store/sqlite/adapter';
import type { Store } from '../../store/store';
import { InputRefused } from '../recording/failure';
import { Organisation } from './organisation';
import { simulate, year } from './simulate';
import { namesOf } from './staffnames';

const ASSETS = 400;
const FROM = new Date('2025-01-01T00:00:00.000Z');

let directory: string;
const opened: Store[] = [];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-simulate-'));
});
afterAll(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function emptyStore(): Store {
  const store = openSqliteStore(join(directory, `${opened.length}.sqlite`), { synchronous: 'OFF' });
  opened.push(store);
  return store;
}

/** The log without the values of the store's own clock. */
async function logOf(store: Store): Promise<Omit<RecordedEvent, 'recordedAt'>[]> {
  const log: Omit<RecordedEvent, 'recordedAt'>[] = [];
  for await (const page of store.readAll()) for (const { recordedAt: _, ...event } of page) log.push(event);
  return log;
}

const year400 = (store: Store, seed = 7) => simulate({ store, assets: ASSETS, seed });

describe('a simulated year', () => {
  let store: Store;
  let log: Awaited<ReturnType<typeof logOf>>;
  const count = (type: string) => log.filter((event) => event.type === type).length;

  beforeAll(async () => {
    store = emptyStore();
    const result = await year400(store);
    log = await logOf(store);
    const campaigns = count('CampaignPlanned');
    expect(result).toMatchObject({ assets: ASSETS, events: log.length, written: log.length, campaigns });
  });

  it('is the same for the same seed, event by event, and different for another', async () => {
    const [same, other] = [emptyStore(), emptyStore()];
    await year400(same);
    await year400(other, 8);
    expect(await logOf(same)).toEqual(log);
    expect((await logOf(other)).map((event) => event.id)).not.toContain(log[0]?.id);
  });

  it('adds nothing when it is run again, and reports the same', async () => {
    expect(await year400(store)).toMatchObject({ assets: ASSETS, events: log.length, written: 0 });
    expect(await logOf(store)).toEqual(log);
  });

  it('reports that another version of the program recorded the same year', async () => {
    const older = emptyStore();
    const [first] = log;
    await older.append(first!.stream, 'none', [
      { ...first!, metadata: { ...first!.metadata, commandHash: '0123456789abcdef' } },
    ]);
    await expect(year400(older)).rejects.toThrow(InputRefused);
    await expect(year400(older)).rejects.toThrow(/another version of this program simulated it/);
  });

  it('resumes after an interruption and ends as if there had been none', async () => {
    const interrupted = emptyStore();
    const abort = new AbortController();
    const stopped = new Error('stopped');
    const onProgress = (assets: number) => assets === 100 && abort.abort(stopped);
    const first = simulate({ store: interrupted, assets: ASSETS, seed: 7, signal: abort.signal, onProgress });
    await expect(first).rejects.toBe(stopped);
    expect((await logOf(interrupted)).length).toBeLessThan(log.length);
    await year400(interrupted);
    expect(await logOf(interrupted)).toEqual(log);
  });

  it('registers exactly as many assets as asked for, with about seven events each', () => {
    expect(count('AssetRegistered')).toBe(ASSETS);
    expect(log.length / ASSETS).toBeGreaterThan(6);
    expect(log.length / ASSETS).toBeLessThan(8.5);
  });

  it('contains every event type that our own commands can produce', () => {
    for (const type of [
      ...['MetadataChanged', 'ReviewRequested', 'ApprovalGranted', 'ApprovalLapsed', 'PlacementStarted'],
      ...['PlacementEnded', 'AssetRetired', 'AssetRestored', 'CampaignLaunched', 'CampaignEnded'],
    ]) {
      expect([type, count(type)]).toEqual([type, expect.any(Number)]);
      expect(count(type)).toBeGreaterThan(0);
    }
  });

  it('leaves reviews under rules in every state', () => {
    const ends: Readonly<Record<string, number>> = {
      ...{ ReviewWithdrawn: 1, ReviewLapsed: 1, ApprovalCarriedOver: 1, AnnotationMade: 2, StageSatisfied: 11 },
      ...{ WorkflowDefined: 2, RulebookRevised: 1 },
    };
    expect(Object.fromEntries(Object.keys(ends).map((type) => [type, count(type)]))).toEqual(ends);
  });

  it('keeps lifecycle proportions a marketing organisation would recognise', () => {
    const share = (type: string, of: string) => count(type) / count(of);
    expect(share('ApprovalGranted', 'ReviewRequested')).toBeGreaterThan(0.5);
    expect(share('ApprovalGranted', 'ReviewRequested')).toBeLessThan(0.9);
    expect(share('PlacementEnded', 'PlacementStarted')).toBeGreaterThan(0.6);
    expect(share('ApprovalLapsed', 'ApprovalGranted')).toBeLessThan(0.35);
    expect(share('AssetRetired', 'AssetRegistered')).toBeLessThan(0.25);
  });

  it('follows its calendar, within one year', () => {
    const times = log.map((event) => event.metadata.occurredAt);
    expect(times).toEqual([...times].sort());
    expect(times[0]! >= FROM.toISOString() && times.at(-1)! < '2026-01-01').toBe(true);
  });

  it('names no person', () => {
    for (const { metadata } of log) expect(metadata.actorId).toMatch(/^(p-[0-9a-f]{16}|agent-layout|palimpsest)$/);
  });
});

it('begins on any day, and is busy in the weeks when a calendar year is', () => {
  const weekOf = (at: number) => Math.floor((at - Date.UTC(new Date(at).getUTCFullYear(), 0)) / (7 * 86_400_000));
  const perWeek = new Map<number, number>();
  for (const { at, command } of year(new Organisation(1, 3_000, new Date('2025-09-01T00:00:00Z')))) {
    if (command.type === 'RegisterAsset') perWeek.set(weekOf(at), (perWeek.get(weekOf(at)) ?? 0) + 1);
  }
  const [november, july] = [perWeek.get(45)!, perWeek.get(29) ?? 0];
  expect(november).toBeGreaterThan(3 * july);
});

it('gives every person of the organisation a name, the same for the same seed', () => {
  const organisation = new Organisation(1, 3_000, FROM);
  const names = namesOf(organisation);
  const people = [...organisation.makers, ...organisation.managers, ...organisation.approvers];
  for (const { id } of people) expect(names.get(id)).toMatch(/^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u);
  expect(new Set(names.values()).size).toBe(names.size);
  expect(namesOf(new Organisation(1, 3_000, FROM))).toEqual(names);
});

it('has busy weeks and quiet ones, and hardly any work on Sundays', () => {
  const weeks = new Map<number, number>();
  let sundays = 0;
  let moments = 0;
  for (const { at, command } of year(new Organisation(1, 3_000, FROM))) {
    if (command.type !== 'RegisterAsset') continue;
    const week = Math.floor((at - FROM.getTime()) / (7 * 86_400_000));
    weeks.set(week, (weeks.get(week) ?? 0) + 1);
    moments += 1;
    if (new Date(at).getUTCDay() === 0) sundays += 1;
  }
  const sizes = [...weeks.values()].sort((a, b) => a - b);
  expect(sizes.at(-3)!).toBeGreaterThan(3 * sizes[2]!);
  expect(sundays / moments).toBeLessThan(0.03);
});
