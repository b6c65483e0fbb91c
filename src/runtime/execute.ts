import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CLOCK_TOLERANCE } from '../domain/clocks';
import type { Context, MakersKnown, Standing } from '../domain/decider';
import { deciderOf, deciderOfStream } from '../domain/deciders';
import type { Metadata, NewEvent, RecordedEvent } from '../domain/event';
import { checkJson } from '../domain/json';
import { type Refusal, refuse } from '../domain/refusal';
import { Conflict, type ExpectedRevision, type Store, TooLarge, Unavailable, UnknownOutcome } from '../store/store';
import { eventIdOf } from './eventid';
import { type AnyDecider, type Folded, FoldedStreams } from './folded';
import type { Answer, Execute, Intent } from './intent';
import type { ActProbe, Probe } from './probe';
import { Queues } from './queues';
import { nameUuid } from './uuid';

const ATTEMPTS = 5;
const SCHEMA_VERSION = '1';

interface Dependencies {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A number in [0, 1) that spreads the retries of writers who met. */
  readonly random: () => number;
  /**
   * Appends leave in the order in which the commands came, so that many in flight still give one certain log.
   * An import asks for it; a server does not, since there one slow read would hold up everybody's writes.
   */
  readonly ordered?: boolean;
  /**
   * Whether one of these actors made the bytes, by the whole log as it is now. Where absent, four eyes looks at one asset
   * alone: an import does so, whose decisions are reports, since it would have to ask for each of them.
   */
  readonly makers?: ((digest: string, ids: readonly string[]) => Promise<MakersKnown>) | undefined;
  /** Watches every act. Default nobody. */
  readonly probe?: Probe | undefined;
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** The same command gives the same text, whatever order its fields were written in. */
const canonical = (value: unknown): string => JSON.stringify(inOrder(value));

function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) ordered[name] = inOrder((value as Record<string, unknown>)[name]);
  return ordered;
}

async function standings(folded: FoldedStreams, streams: readonly string[]): Promise<ReadonlyMap<string, Standing>> {
  const found = new Map<string, Standing>();
  for (const stream of streams) {
    const decider = deciderOfStream(stream) as AnyDecider | undefined;
    if (decider === undefined) continue;
    const { state } = await folded.load(decider, stream, '');
    found.set(stream, decider.standing(state));
  }
  return found;
}

function instantOf(intent: Intent, now: number): { occurredAt: string } | { refusal: Refusal } {
  if (intent.occurredAt === undefined) return { occurredAt: new Date(now).toISOString() };
  const claimed = Date.parse(intent.occurredAt);
  const path = ['occurredAt'];
  if (Number.isNaN(claimed))
    return refuse('INVALID_INPUT', `occurredAt is not an ISO 8601 instant: ${intent.occurredAt}`, path);
  if (claimed < 0) return refuse('INVALID_INPUT', `occurredAt is before 1970: ${intent.occurredAt}`, path);
  if (claimed > now + CLOCK_TOLERANCE)
    return refuse('INVALID_INPUT', `occurredAt is in the future: ${intent.occurredAt}`, path);
  return { occurredAt: new Date(claimed).toISOString() };
}

function envelope(intent: Intent, occurredAt: string, commandHash: string): Metadata {
  return {
    schemaVersion: SCHEMA_VERSION,
    workspace: intent.workspace,
    actorId: intent.actor.id,
    actorKind: intent.actor.kind,
    ...(intent.actor.onBehalfOf === undefined ? {} : { onBehalfOf: intent.actor.onBehalfOf }),
    tool: intent.tool,
    ...(intent.toolVersion === undefined ? {} : { toolVersion: intent.toolVersion }),
    occurredAt,
    commandId: intent.commandId,
    commandType: intent.command.type,
    commandHash,
    $correlationId: intent.correlationId ?? intent.commandId,
    $causationId: intent.causationId ?? intent.commandId,
  };
}

function recordedAnswer(stream: string, earlier: readonly RecordedEvent[], commandHash: string): Answer {
  const last = earlier.at(-1)!;
  if (last.metadata.commandHash !== commandHash) {
    return { ok: false, ...refuse('IDEMPOTENCY_KEY_REUSED', undefined, ['idempotencyKey']) };
  }
  return { ok: true, stream, revision: last.revision, position: last.position, events: earlier, repeated: true };
}

/** A command that changes nothing has no position of its own: whoever waits for it waits for what it saw. */
async function unchangedAnswer(store: Store, stream: string, revision: ExpectedRevision): Promise<Answer> {
  const at = revision === 'none' ? -1 : revision;
  return { ok: true, stream, revision: at, position: await store.head(), events: [], repeated: false };
}

/**
 * Repeats the identical append while nobody can say whether it was written; the store's promise S2 makes that safe. What
 * a repetition meets says nothing of the first: a store that is away by then may have taken it.
 */
async function appendSurely(
  { store, random }: Dependencies,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  watched: ActProbe | undefined,
) {
  let doubt: UnknownOutcome | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (error instanceof UnknownOutcome) doubt = error;
      else if (doubt === undefined || !(error instanceof Unavailable)) throw error;
      watched?.met('unknownOutcome');
      if (attempt === ATTEMPTS) throw doubt;
      watched?.met('retry');
      await pause(2 ** attempt * 50 * (0.5 + random()));
    }
  }
}

/** Hands out turns: whoever came first appends first, however long its reading took. */
function turnstile(): () => { mine: Promise<void>; done: () => void } {
  let last = Promise.resolve();
  return () => {
    const mine = last;
    let done = () => {};
    last = new Promise((resolve) => {
      done = resolve;
    });
    return { mine, done };
  };
}

/**
 * The only caller of `append`: load, fold, decide, append at the exact revision; on a conflict reload and decide
 * again, at most 5 times; where the caller named a revision that is a refusal. A repeated command id is answered as
 * before.
 */
export function createExecute(dependencies: Dependencies): Execute {
  const { store, clock, random, ordered = false, makers, probe } = dependencies;
  const nextTurn = turnstile();
  const folded = new FoldedStreams(store);
  const queues = new Queues();

  async function attempt(
    intent: Intent,
    occurredAt: string,
    commandHash: string,
    turn: Promise<void>,
    passed: () => void,
    watched: ActProbe | undefined,
    count: number,
  ): Promise<Answer | Conflict> {
    watched?.step('decide');
    const { command, commandId } = intent;
    const decider = deciderOf(command.type) as AnyDecider;
    const stream = decider.streamOf(command);
    const decide = async ({ state }: Folded) => {
      const references = decider.references(command);
      const known = references.length === 0 ? undefined : await standings(folded, references);
      const bytes = makers && decider.bytesOf(command, state);
      const { actor } = intent;
      const ids = actor.onBehalfOf === undefined ? [actor.id] : [actor.id, actor.onBehalfOf];
      const context: Context = {
        actor,
        occurredAt,
        commandId,
        // The stream is part of it: one key used on two assets must not give their placements one id.
        id: (name) => nameUuid(`${stream}/${name}`, commandId),
        sha256,
        standing: (name) => known?.get(name) ?? { exists: false, status: '', versions: 0 },
        ...(bytes === undefined ? {} : { makers: await makers?.(bytes, ids) }),
      };
      return decider.decide(command, state, context);
    };
    // What this process knows of the stream will do for a decision to write: the append, at its exact revision, finds
    // out whether it was still so. Whatever else is answered must be so by the log. Where commands leave in order, one
    // must count on those before it, which are on their way.
    const trusting = !ordered && intent.expectedRevision === undefined;
    // What it has not seen is first taken for new, so that beginning a stream needs no reading. Not where the caller says
    // when the command was done: told again, it would give the very same events, and those stand there unnoticed.
    const mayBeNew = count === 0 && intent.occurredAt === undefined;
    let before = trusting
      ? (folded.kept(stream, commandId) ?? (mayBeNew ? folded.unseen(decider, stream) : undefined))
      : undefined;
    let outcome = before && (await decide(before));
    if (!before || !outcome || !('events' in outcome) || outcome.events.length === 0) {
      const loaded = await folded.load(decider, stream, commandId);
      if (loaded.earlier.length > 0) return recordedAnswer(stream, loaded.earlier, commandHash);
      if (intent.expectedRevision !== undefined && intent.expectedRevision !== loaded.revision) {
        const message = `the stream is at revision ${loaded.revision}, not at ${intent.expectedRevision}`;
        return { ok: false, ...refuse('REVISION_CONFLICT', message, ['expectedRevision']) };
      }
      before = loaded;
      outcome = await decide(loaded);
    }
    const { revision } = before;
    if ('refusal' in outcome) return { ok: false, refusal: outcome.refusal };
    if (outcome.events.length === 0) return unchangedAnswer(store, stream, revision);
    const metadata = envelope(intent, occurredAt, commandHash);
    const events = outcome.events.map(({ type, data }, ordinal): NewEvent => {
      const said = { type, data, metadata };
      return { id: eventIdOf(stream, ordinal, said), ...said };
    });
    await turn;
    watched?.step('append');
    try {
      const writing = appendSurely(dependencies, stream, revision, events, watched);
      passed();
      const appended = await writing;
      folded.wrote(decider, stream, before, { commandId, events, revision: appended.revision });
      return { ok: true, stream, ...appended, events, repeated: false };
    } catch (error) {
      if (error instanceof Conflict) {
        folded.forget(stream);
        return error;
      }
      if (error instanceof TooLarge) return { ok: false, ...refuse('INVALID_INPUT', error.message, [error.path]) };
      throw error;
    }
  }

  const act = async (intent: Intent, watched: ActProbe | undefined): Promise<Answer> => {
    const now = clock();
    const instant = instantOf(intent, now);
    if ('refusal' in instant) return { ok: false, refusal: instant.refusal };
    const fault = checkJson(intent.command);
    if (fault !== undefined)
      return { ok: false, ...refuse('INVALID_INPUT', `${fault.path}: ${fault.reason}`, fault.path.split('.')) };
    const commandHash = sha256(canonical(intent.command)).slice(0, 16);
    const turn = ordered ? nextTurn() : { mine: Promise.resolve(), done: () => {} };
    try {
      for (let count = 0; ; count++) {
        const answer = await attempt(intent, instant.occurredAt, commandHash, turn.mine, turn.done, watched, count);
        if (!(answer instanceof Conflict)) return answer;
        watched?.met('conflict');
        // Where the caller named a revision, the next attempt finds it passed: the answer is that, or what this very
        // command was answered when it came a moment earlier.
        if (count === ATTEMPTS) {
          return { ok: false, ...refuse('REVISION_CONFLICT', answer.message, ['expectedRevision']) };
        }
        watched?.met('retry');
        await pause(2 ** count * 2 * random());
      }
    } finally {
      turn.done();
    }
  };

  const watched = (intent: Intent): Promise<Answer> =>
    probe === undefined ? act(intent, undefined) : watchedAct(probe, intent, act);
  if (ordered) return watched;
  // Acts on one stream would only meet in the store, and be decided again until one of them gives up.
  return (intent) => {
    const decider = deciderOf(intent.command.type) as AnyDecider;
    return queues.behind(decider.streamOf(intent.command), () => watched(intent));
  };
}

/** An act that somebody watches; it answers as it would unwatched. */
async function watchedAct(
  probe: Probe,
  intent: Intent,
  act: (intent: Intent, watched: ActProbe) => Promise<Answer>,
): Promise<Answer> {
  const watched = probe.act(intent);
  try {
    const answer = await act(intent, watched);
    watched.ended(answer.ok ? (answer.repeated ? 'repeated' : 'done') : answer.refusal.code);
    return answer;
  } catch (error) {
    watched.ended((error as Error).name);
    throw error;
  }
}
