import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import type { DomainEvent } from '../../src/domain/catalogue';
import type { NewEvent } from '../../src/domain/event';
import type { Store } from '../../src/store/store';

const SPACE = '4c5c2a3e-1a0b-4b68-8f5f-5d7a6f0f5b11';
/** Number of assets whose events are interleaved in the log, as in a busy week. */
const TOGETHER = 2_000;
const EVENTS_OF_A_LIFE = 7;
const FIRST_DAY = Date.parse('2025-01-01T08:00:00.000Z');

const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;
const idOf = (name: string): string => uuidv5(name, SPACE);
const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');

const KINDS = ['image', 'video', 'document', 'copy', 'template'] as const;
const WORDS = ['Summer', 'Winter', 'Poster', 'Banner', 'Teaser', 'Launch', 'Family', 'City', 'Ocean', 'Night'];
const TOOLS = ['figma', 'photoshop', 'indesign', 'premiere'];

/** The simple life of one asset: registered with content, reviewed, approved, placed, ended. */
function lifeOf(n: number): readonly (readonly DomainEvent[])[] {
  const digest = digestOf(`content ${n}`);
  const materialHash = digestOf('{}');
  const review = idOf(`review ${n}`);
  const approval = idOf(`approval ${n}`);
  const placement = idOf(`placement ${n}`);
  const campaign = idOf(`campaign ${n % 300}`);
  const seen = { review, version: 1, digest, materialHash };
  const title = `${pick(WORDS, n)} ${pick(WORDS, n * 7 + 3)} ${n % 1000}`;
  const tags = [`brand-${n % 12}`, `market-${n % 31}`, `season-${n % 4}`];
  const madeWith = { tool: pick(TOOLS, n), ai: 'none' } as const;
  const placed = {
    placement,
    campaign,
    version: 1,
    digest,
    approval,
    channel: `channel-${n % 9}`,
    market: `m${n % 31}`,
  };
  return [
    [
      { type: 'AssetRegistered', data: { kind: pick(KINDS, n), title, tags } },
      { type: 'VersionAdded', data: { version: 1, digest, bytes: 10_000 + n, mediaType: 'image/png', madeWith } },
    ],
    [{ type: 'ReviewRequested', data: { ...seen, required: 1 } }],
    [
      { type: 'DecisionRecorded', data: { ...seen, decision: 'approve', role: 'brand' } },
      { type: 'ApprovalGranted', data: { ...seen, approval, decidedBy: [`approver-${n % 40}`] } },
    ],
    [{ type: 'PlacementStarted', data: placed }],
    [{ type: 'PlacementEnded', data: { placement, campaign, version: 1 } }],
  ];
}

/** Appends about `count` events directly to the store, in the order a busy organisation would produce. */
export async function appendLives(store: Store, count: number): Promise<number> {
  await Promise.all(Array.from({ length: 300 }, (_, n) => appendCampaign(store, n)));
  let events = 600;
  for (let first = 0; events < count; first += TOGETHER) {
    const lives = Array.from({ length: TOGETHER }, (_, n) => ({ n: first + n, life: lifeOf(first + n), revision: -1 }));
    for (let step = 0; step < lives[0]!.life.length; step++) {
      const appends = lives.map(async (each) => {
        const written = each.life[step]!.map((event, ordinal) =>
          recorded(event, `${each.n} ${step} ${ordinal}`, each.n, step),
        );
        const expected = each.revision < 0 ? 'none' : each.revision;
        each.revision = (await store.append(`asset-${idOf(`asset ${each.n}`)}`, expected, written)).revision;
      });
      await Promise.all(appends);
    }
    events += TOGETHER * EVENTS_OF_A_LIFE;
  }
  return events;
}

async function appendCampaign(store: Store, n: number): Promise<void> {
  await store.append(`campaign-${idOf(`campaign ${n}`)}`, 'none', [
    recorded({ type: 'CampaignPlanned', data: { name: `Campaign ${n}` } }, `c${n} 0`, n, 0),
    recorded({ type: 'CampaignLaunched', data: {} }, `c${n} 1`, n, 0),
  ]);
}

function recorded(event: DomainEvent, name: string, n: number, step: number): NewEvent {
  const commandId = idOf(`command ${name}`);
  return {
    ...event,
    id: idOf(`event ${name}`),
    metadata: {
      schemaVersion: '1',
      workspace: 'default',
      actorId: step === 2 ? `approver-${n % 40}` : `author-${n % 200}`,
      actorKind: 'person',
      tool: pick(TOOLS, n),
      occurredAt: new Date(FIRST_DAY + n * 200_000 + step * 3_600_000).toISOString(),
      commandId,
      commandType: 'RegisterAsset',
      commandHash: digestOf(name).slice(0, 16),
      $correlationId: commandId,
      $causationId: commandId,
    },
  };
}
