import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { metadata } from '../../test/store/given';
import { CATALOGUE } from '../domain/catalogue';
import { type Command } from '../domain/deciders';
import type { Lift } from '../domain/event';
import { evolutionOf, NewerEvent } from '../domain/upcast';
import { openSqliteStore } from '../store/sqlite/adapter';
import type { Store } from '../store/store';
import { createExecute } from './execute';
import type { Answer } from './intent';

const uuid = (name: string) => uuidv5(name, uuidv5.URL);

/** The last day of a campaign used to be called `lastDay`, then `until`, and is now `endsOn`. */
const renamed: Lift = ({ lastDay, ...data }: { lastDay?: string }) => ({ ...data, until: lastDay });
const renamedAgain: Lift = ({ until, ...data }: { until?: string }) => ({ ...data, endsOn: until });
const written = [{ lastDay: '2026-03-01' }, { until: '2026-03-01' }, { endsOn: '2026-03-01' }];
const campaigns = written.map((_, index) => uuid(`campaign of version ${index + 1}`));

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-evolution-'));
  store = openSqliteStore(join(directory, 'events.sqlite'));
  for (const [index, days] of written.entries()) {
    const event = {
      id: uuid(`event ${index}`),
      type: 'CampaignPlanned',
      data: { name: 'Spring', ...days },
      metadata: metadata({ schemaVersion: `${index + 1}` }),
    };
    await store.append(`campaign-${campaigns[index]}`, 'none', [event]);
  }
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A program as of when the event type had this many versions. */
function program(...lifts: readonly Lift[]): (command: Command) => Promise<Answer> {
  const evolution = evolutionOf({ ...CATALOGUE, CampaignPlanned: { ...CATALOGUE.CampaignPlanned, lifts } });
  const execute = createExecute({
    store,
    clock: () => Date.parse('2026-06-01T12:00:00.000Z'),
    random: () => 0,
    evolution,
  });
  const who = { actor: { id: 'ana', kind: 'person' }, workspace: 'default', tool: 'spec' } as const;
  return (command) => execute({ command, ...who, commandId: uuid(JSON.stringify(command)) });
}

describe('an event type in its third version', () => {
  it.each([1, 2, 3])('is folded when written in version %i', async (version) => {
    const launched = await program(
      renamed,
      renamedAgain,
    )({
      type: 'LaunchCampaign',
      campaign: campaigns[version - 1]!,
    });
    expect(launched).toMatchObject({ ok: false, refusal: { code: 'CAMPAIGN_OVER' } });
  });

  it.each([
    ['1', []],
    ['2', [renamed]],
    ['3', [renamed, renamedAgain]],
  ])('is written in version %s by the program as of then', async (version, lifts) => {
    const campaign = uuid('new campaign');
    await program(...lifts)({ type: 'PlanCampaign', campaign, name: 'Autumn' });
    const read = [];
    for await (const page of store.readStream(`campaign-${campaign}`)) read.push(...page);
    expect(read.map(({ metadata: { schemaVersion } }) => schemaVersion)).toEqual([version]);
  });

  it('stops a program that knows only its first version, with an error that names it', async () => {
    const older = program();
    const launch = older({ type: 'LaunchCampaign', campaign: campaigns[1]! });
    await expect(launch).rejects.toThrow(NewerEvent);
    await expect(launch).rejects.toThrow('event CampaignPlanned with schema version 2 at position');
  });
});
