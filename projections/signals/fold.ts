import type { Recorded } from '../../src/domain/catalogue';
import { nfc } from '../../src/domain/characters';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type FactRow, type MadeRow, tables } from './tables';

type Signals = RowsOf<typeof tables>;

/** Behaviour as countable facts. Every fact follows from its own stream alone, so other streams may come in any order. */
export const signals = projection({
  name: 'signals',
  version: 5,
  tables,
  on: {
    AssetRegistered: create,
    VersionAdded: addVersion,
    MetadataChanged: (event, rows) => {
      const tool = nfc(event.metadata.tool);
      const made = { ...madeAs(event, rows, 0), tool };
      rows.modification.put({ ...fact(event, made), mediaType: null, what: 'metadata' });
    },
    ApprovalGranted: (event, rows) => {
      const made = madeAs(event, rows, event.data.version);
      const milliseconds = Date.parse(event.metadata.occurredAt) - Date.parse(made.occurredAt);
      rows.approval.put({ ...factOf(event, made), seconds: Math.round(milliseconds / 1000) });
    },
    DecisionAttested: (event, rows) => {
      const { version, decision, automated, role, evidence } = event.data;
      const fact = factOf(event, madeAs(event, rows, version));
      rows.attestation.put({ ...fact, decision, automated, role, source: evidence?.source ?? null });
    },
    PlacementStarted: use,
    PlacementObserved: use,
  },
});

function create(event: Recorded<'AssetRegistered'>, rows: Signals): void {
  const { kind, template, derivedFrom } = event.data;
  const { occurredAt } = event.metadata;
  const tool = nfc(event.metadata.tool);
  const asset = subjectOf(event);
  const { position } = event;
  const made = {
    asset,
    version: 0,
    kind,
    tool,
    template: template?.asset ?? null,
    mediaType: null,
    position,
    occurredAt,
  };
  rows.made.put(made);
  rows.creation.put(fact(event, made));
  const derived = { child: asset, position: event.position, occurredAt };
  for (const parent of new Set(derivedFrom?.map((ref) => ref.asset))) {
    rows.derivation.put({ ...derived, parent, relation: 'derivedFrom' });
  }
  if (template !== undefined) rows.derivation.put({ ...derived, parent: template.asset, relation: 'template' });
}

/** The first version belongs to the creation of its asset; each later one is a modification. */
function addVersion(event: Recorded<'VersionAdded'>, rows: Signals): void {
  const { version, madeWith, mediaType } = event.data;
  const { occurredAt } = event.metadata;
  const { position } = event;
  const made = { ...madeAs(event, rows, 0), version, tool: madeWith.tool, mediaType, position, occurredAt };
  rows.made.put(made);
  if (version > 1) rows.modification.put({ ...factOf(event, made), what: 'version' });
}

function use(event: Recorded<'PlacementStarted' | 'PlacementObserved'>, rows: Signals): void {
  // Content that is no version counts as what the asset was made as.
  const { version = 0, campaign, channel, market = null } = event.data;
  const observed = event.type === 'PlacementObserved';
  const source = ('evidence' in event.data ? event.data.evidence?.source : undefined) ?? null;
  const where = { asset: subjectOf(event), campaign, channel, market, source, observed };
  rows.campaignUse.put({ ...factOf(event, madeAs(event, rows, version)), ...where });
}

function madeAs(event: Recorded, rows: Signals, version: number): MadeRow {
  return found(rows.made.get({ asset: subjectOf(event), version }), event);
}

/** A fact about one version. */
function factOf(event: Recorded, made: MadeRow): FactRow & Pick<MadeRow, 'mediaType'> {
  return { ...fact(event, made), mediaType: made.mediaType };
}

function fact(event: Recorded, made: Pick<MadeRow, 'kind' | 'tool' | 'template'>): FactRow {
  const { occurredAt, actorId } = event.metadata;
  return {
    position: event.position,
    // A year beyond 9999 is longer than four digits, so the day ends where the time begins.
    day: occurredAt.slice(0, occurredAt.indexOf('T')),
    kind: made.kind,
    tool: made.tool,
    template: made.template,
    actor: actorId,
    occurredAt,
  };
}
