import type { MetadataValue } from '../domain/asset/events';
import type { Command, CommandType } from '../domain/catalogue';
import { type Refusal, refuse } from '../domain/refusal';
import type { Answer, Intent } from '../execute/intent';
import type { Session } from './claims';
import { commandIdOf, idFault, madeId, opaqueIdOf, uuidOf } from './ids';

/** A mutation's `input` as the schema checked it. */
export type Input = Readonly<Record<string, unknown>> & {
  readonly idempotencyKey: string;
  readonly expectedRevision?: number | null;
  readonly occurredAt?: string | null;
};

/** The mutation of every command: the object first. The compiler demands a row for each. */
export const MUTATIONS = {
  RegisterAsset: 'assetRegister',
  AddVersion: 'assetAddVersion',
  ChangeMetadata: 'assetChangeMetadata',
  RequestReview: 'assetRequestReview',
  RecordDecision: 'assetRecordDecision',
  PlaceInCampaign: 'assetPlaceInCampaign',
  EndPlacement: 'assetEndPlacement',
  RetireAsset: 'assetRetire',
  RestoreAsset: 'assetRestore',
  AttestDecision: 'assetAttestDecision',
  ObservePlacement: 'assetObservePlacement',
  ObservePlacementEnd: 'assetObservePlacementEnd',
  ObserveAlias: 'assetObserveAlias',
  ObserveAliasEnd: 'assetObserveAliasEnd',
  PlanCampaign: 'campaignPlan',
  LaunchCampaign: 'campaignLaunch',
  EndCampaign: 'campaignEnd',
  ObserveContents: 'campaignObserveContents',
} as const satisfies Record<CommandType, string>;

const KEY = /^[\x21-\x7e]{1,200}$/;
const IDS = {
  asset: 'asset',
  campaign: 'campaign',
  base: 'campaign',
  placement: 'placement',
  componentOf: 'asset',
} as const;
const REFERENCES = ['template', 'derivedFrom'] as const;
const METADATA = ['metadata', 'set'] as const;

/** What came in through this door, ready for `execute`; or why it is no command. */
export function intentOf(
  type: CommandType,
  input: Input,
  session: Session,
  version: string,
): { readonly intent: Intent } | { readonly refusal: Refusal } {
  const { idempotencyKey, expectedRevision, occurredAt, ...fields } = input;
  if (!KEY.test(idempotencyKey)) {
    return refuse('INVALID_INPUT', 'idempotencyKey must be 1 to 200 printable ASCII characters.', ['idempotencyKey']);
  }
  if (typeof expectedRevision === 'number' && expectedRevision < -1) {
    return refuse('INVALID_INPUT', 'expectedRevision must not be below -1.', ['expectedRevision']);
  }
  const commandId = commandIdOf(session.actor, idempotencyKey);
  const command = commandOf(type, fields, commandId);
  if ('refusal' in command) return command;
  return {
    intent: {
      command: command.command,
      actor: session.actor,
      workspace: 'default',
      tool: 'graphql',
      toolVersion: version,
      commandId,
      ...(occurredAt ? { occurredAt } : {}),
      ...(typeof expectedRevision === 'number' ? { expectedRevision: expected(expectedRevision) } : {}),
    },
  };
}

const expected = (revision: number): number | 'none' => (revision === -1 ? 'none' : revision);

function commandOf(
  type: CommandType,
  given: Readonly<Record<string, unknown>>,
  commandId: string,
): { readonly command: Command } | { readonly refusal: Refusal } {
  const fields = withoutNulls(given) as Record<string, unknown>;
  if (type === 'RegisterAsset') fields.asset ??= madeId(commandId, 'asset');
  if (type === 'PlanCampaign') fields.campaign ??= madeId(commandId, 'campaign');
  for (const [name, kind] of Object.entries(IDS)) {
    if (fields[name] === undefined) continue;
    const uuid = uuidOf(kind, String(fields[name]));
    if (uuid === undefined) return refuse('INVALID_INPUT', `${name} ${idFault(kind, String(fields[name]))}`, [name]);
    fields[name] = uuid;
  }
  for (const name of REFERENCES) {
    const refusal = nameReferences(fields, name);
    if (refusal !== undefined) return { refusal };
  }
  for (const name of METADATA) {
    if (fields[name] === undefined) continue;
    const entries = fields[name] as MetadataInput[];
    const names = new Set<string>();
    const twice = entries.findIndex((entry) => names.size === names.add(entry.name).size);
    // One of the two would be lost without a word.
    if (twice !== -1) {
      const path = [name, String(twice), 'name'];
      return refuse('INVALID_INPUT', `${path.join('.')} stands in the list already.`, path);
    }
    fields[name] = metadataOf(entries);
  }
  if (type === 'ObserveContents') {
    const refusal = nameFiles(fields.put as ContentsFile[]);
    if (refusal !== undefined) return { refusal };
  }
  const content = type === 'AddVersion' ? fields : (fields.content as Record<string, unknown> | undefined);
  // Sizes come as strings, because they may be beyond what a JSON number keeps; events keep them as numbers up to 2^53.
  if (content !== undefined) {
    content.bytes = Number(content.bytes);
    nameActors(content, 'contributors');
  }
  nameActors(fields, 'samePersonAs');
  return { command: { ...fields, type } as unknown as Command };
}

/** One spelling, so that the same command sent again is the same; how ids are compared is in domain/identity. */
function nameActors(fields: Record<string, unknown>, name: string): void {
  const named = fields[name] as readonly string[] | undefined;
  if (named !== undefined) fields[name] = named.map((id) => opaqueIdOf(id).normalize('NFC').trim());
}

/** Null and absent mean the same in an input. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

function nameReferences(fields: Record<string, unknown>, name: string): Refusal | undefined {
  const given = fields[name];
  if (given === undefined) return undefined;
  const list = (Array.isArray(given) ? given : [given]) as { asset: string; version: number }[];
  const named = list.map(({ asset, version }) => ({ asset: uuidOf('asset', asset), version }));
  const wrong = named.findIndex(({ asset }) => asset === undefined);
  if (wrong !== -1) {
    const path = Array.isArray(given) ? [name, String(wrong), 'asset'] : [name, 'asset'];
    return refuse('INVALID_INPUT', `${path.join('.')} ${idFault('asset', list[wrong]!.asset)}`, path).refusal;
  }
  fields[name] = Array.isArray(given) ? named : named[0];
  return undefined;
}

/** A file of `put` as it comes in: the asset by any of its ids, the size as a string. */
interface ContentsFile {
  asset?: string;
  bytes?: string | number;
}

function nameFiles(files: readonly ContentsFile[]): Refusal | undefined {
  for (const [index, file] of files.entries()) {
    if (file.bytes !== undefined) file.bytes = Number(file.bytes);
    if (file.asset === undefined) continue;
    const uuid = uuidOf('asset', file.asset);
    const path = ['put', String(index), 'asset'];
    if (uuid === undefined) {
      return refuse('INVALID_INPUT', `${path.join('.')} ${idFault('asset', file.asset)}`, path).refusal;
    }
    file.asset = uuid;
  }
  return undefined;
}

interface MetadataInput {
  readonly name: string;
  readonly material: boolean;
  /** Exactly one member, named as its type. */
  readonly value: Readonly<Record<string, unknown>>;
}

function metadataOf(entries: readonly MetadataInput[]): Record<string, MetadataValue> {
  const fields = entries.map(({ name, value, material }) => {
    const [type, given] = Object.entries(value)[0] ?? ['text', ''];
    return [name, { type, value: given, material } as MetadataValue];
  });
  return Object.fromEntries(fields);
}

/** A refusal as the schema shows it; its path starts at the mutation's argument. */
export function userError({ code, message, path }: Refusal): object {
  return { code, message, path: path === undefined ? null : ['input', ...path] };
}

export type Outcome = Answer;
