import type { Recorded } from '../../src/domain/catalogue';
import { nfc } from '../../src/domain/characters';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type FactRow, type MadeRow, tables } from './tables';

type Signals = RowsOf<typeof tables>;

/** Behaviour as countable facts. Every fact follows from its own stream alone, so other streams may come in any order. */
export const signals = projection({
  name: 'signals',
  version: 3,
  tables,
  on: {
    AssetRegistered: create,
    VersionAdded: addVersion,
    MetadataChanged: (event, rows) => {
      const tool = nfc(event.metadata.tool);
      rows.modification.put({ ...fact(event, { ...madeAs(event, rows, 0), tool }), what: 'metadata' });
    },
    ApprovalGranted: (event, rows) => {
      const made = madeAs(event, rows, event.data.version);
      const milliseconds = Date.parse(event.metadata.occurredAt) - Date.parse(made.occurredAt);
      rows.approval.put({ ...fact(event, made), seconds: Math.round(milliseconds / 1000) });
    },
    DecisionAttested: (event, rows) => {
      const { version, decision, automated } = event.data;
      rows.attestation.put({ ...fact(event, madeAs(event, rows, version)), decision, automated });
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
  const made = { asset, version: 0, kind, tool, template: template?.asset ?? null, position, occurredAt };
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
  const { version, madeWith } = event.data;
  const { occurredAt } = event.metadata;
  const made = { ...madeAs(event, rows, 0), version, tool: madeWith.tool, position: event.position, occurredAt };
  rows.made.put(made);
  if (version > 1) rows.modification.put({ ...fact(event, made), what: 'version' });
}

function use(event: Recorded<'PlacementStarted' | 'PlacementObserved'>, rows: Signals): void {
  // Content that is no version counts as what the asset was made as.
  const { version = 0, campaign } = event.data;
  const observed = event.type === 'PlacementObserved';
  rows.campaignUse.put({ ...fact(event, madeAs(event, rows, version)), asset: subjectOf(event), campaign, observed });
}

function madeAs(event: Recorded, rows: Signals, version: number): MadeRow {
  return found(rows.made.get({ asset: subjectOf(event), version }), event);
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
