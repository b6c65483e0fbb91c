import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { v5 as uuidv5 } from 'uuid';
import type { Context, MakersKnown, RadiusKnown } from '../domain/decider';
import { deciderOf } from '../domain/deciders';
import type { Metadata, NewEvent, RecordedEvent } from '../domain/event';
import { refuse } from '../domain/refusal';
import { type Evolution, upcast, versionOf } from '../domain/upcast';
import { Conflict, type ExpectedRevision, type Store, TooLarge } from '../store/store';
import { appendSurely, type Course } from './appending';
import { ACT_MS, Deadline } from './deadline';
import { eventIdOf } from './eventid';
import { type Folded, FoldedStreams } from './folded';
import { unkept } from './inputfaults';
import type { Answer, Execute, Intent } from './intent';
import type { ActProbe, WriteProbe } from './probe';
import { Queues } from './queues';
import { References } from './references';
import { type Turn, Turnstile } from './turnstile';

const ATTEMPTS = 5;

interface Dependencies {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A number in [0, 1) that adds jitter to the retries of conflicting writers. */
  readonly random: () => number;
  /**
   * Sends appends in the order of the commands, so that many appends in flight still produce one deterministic log.
   * Imports ask for it; a server does not, since one slow read would delay every write. The store must then repeat
   * appends itself, since only it knows what is queued behind them.
   */
  readonly ordered?: boolean;
  /**
   * Whether one of these actors made the bytes, according to the whole log as of now. If absent, the four-eyes rule
   * considers a single asset only: imports omit it, because their decisions are reports and each would need a query.
   */
  readonly makers?: ((digest: string, ids: readonly string[]) => Promise<MakersKnown>) | undefined;
  /** Where an asset and everything that came of it runs, by the whole log as it is now. Where absent, nobody knows. */
  readonly radius?: ((asset: string) => Promise<RadiusKnown>) | undefined;
  /** Time limit of one act in milliseconds; default 14,000. With ordered appends there is no limit. */
  readonly actMs?: number;
  /** Observes every act. Default: none. */
  readonly probe?: WriteProbe | undefined;
  /** The schema versions in which events are read and written. Default: those of the catalogue. */
  readonly evolution?: Evolution;
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Canonical text of a command, independent of the order of its fields. */
const canonical = (value: unknown): string => JSON.stringify(inOrder(value));

function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) ordered[name] = inOrder((value as Record<string, unknown>)[name]);
  return ordered;
}

/** Distinguishes a repeated command from a reused key. */
const hashOf = (command: object): string => sha256(canonical(command)).slice(0, 16);

function envelope(intent: Intent, occurredAt: string, commandHash: string, schemaVersion: string): Metadata {
  return {
    schemaVersion,
    workspace: intent.workspace,
    actorId: intent.actor.id,
    actorKind: intent.actor.kind,
    ...(intent.actor.onBehalfOf === undefined ? {} : { onBehalfOf: intent.actor.onBehalfOf }),
    tool: intent.tool,
    ...(intent.toolVersion === undefined ? {} : { toolVersion: intent.toolVersion }),
    ...(intent.source === undefined ? {} : { source: intent.source }),
    occurredAt,
    commandId: intent.commandId,
    commandType: intent.command.type,
    commandHash,
    $correlationId: intent.correlationId ?? intent.commandId,
    $causationId: intent.causationId ?? intent.commandId,
  };
}

function recordedAnswer(stream: string, earlier: readonly RecordedEvent[], hashes: readonly string[]): Answer {
  const last = earlier.at(-1)!;
  if (!hashes.includes(last.metadata.commandHash)) {
    return { ok: false, ...refuse('IDEMPOTENCY_KEY_REUSED', undefined, ['idempotencyKey']) };
  }
  return { ok: true, stream, revision: last.revision, position: last.position, events: earlier, repeated: true };
}

function conflictOf(revision: ExpectedRevision, expected: ExpectedRevision): string {
  if (revision === 'none') return `It has no events yet, so it is not at revision ${expected}.`;
  return expected === 'none'
    ? `It exists already, at revision ${revision}.`
    : `It is at revision ${revision}, not ${expected}.`;
}

/** A command without effect has no position of its own, so the answer carries the position that it read. */
async function unchangedAnswer(store: Store, stream: string, revision: ExpectedRevision): Promise<Answer> {
  const at = revision === 'none' ? -1 : revision;
  return { ok: true, stream, revision: at, position: await store.head(), events: [], repeated: false };
}

/**
 * The only caller of `append`: load, fold, decide, append at the exact revision; on a conflict reload and decide again,
 * at most 5 times. If the caller named a revision, a conflict is a refusal. A repeated command id gets its first
 * answer. An act ends within 15 s: with Unavailable if nothing was sent, otherwise with UnknownOutcome.
 */
export function createExecute(dependencies: Dependencies): Execute {
  const { store, clock, random, ordered = false, actMs = ACT_MS, makers, radius, probe } = dependencies;
  const { evolution = { upcast, versionOf } } = dependencies;
  const turnstile = new Turnstile();
  const folded = new FoldedStreams(store, evolution.upcast);
  const queues = new Queues();

  async function attempt(
    intent: Intent,
    stream: string,
    occurredAt: string,
    commandHash: string,
    turn: Turn | undefined,
    course: Course,
    count: number,
  ): Promise<Answer | Conflict> {
    const { watched, deadline } = course;
    const inTime = <T>(work: Promise<T>): Promise<T> => (deadline === undefined ? work : deadline.reading(work));
    watched?.step('decide');
    const { command, commandId } = intent;
    const decider = deciderOf(command.type);
    const decide = async ({ state }: Folded) => {
      const references = new References(decider, command, state);
      const tooMany = await references.read(folded);
      if (tooMany !== undefined) return { ...tooMany, references };
      const bytes = makers && decider.bytesOf(command, state);
      const recalled = radius && decider.radiusOf(command);
      const { actor } = intent;
      const others = decider.peopleOf(command);
      const ids = [actor.id, ...(actor.onBehalfOf === undefined ? others : [actor.onBehalfOf, ...others])];
      const context: Context = {
        actor,
        occurredAt,
        commandId,
        // The stream is part of the name: one key used on two assets must not give both placements the same id.
        id: (name) => uuidv5(`${stream}/${name}`, commandId),
        sha256,
        standing: (category, id) => references.standing(category, id),
        ...(bytes === undefined ? {} : { makers: await makers?.(bytes, ids) }),
        ...(recalled === undefined ? {} : { radius: await radius?.(recalled) }),
      };
      return { ...decider.decide(command, state, context), references };
    };
    // What this process knows of the stream is enough to decide on a write, because the append at its exact revision
    // detects stale state. Any other answer must be based on the log. With ordered commands, the decision must build on
    // the commands before it that are still in flight.
    const trusting = !ordered && intent.expectedRevision === undefined && intent.trial !== true;
    // A stream this process has not seen is first assumed to be new, so that starting a stream needs no read. Not if
    // the caller states when the command was done: a repeat would then produce identical events, and the store would
    // accept them as a retry without notice.
    const mayBeNew = count === 0 && intent.occurredAt === undefined;
    let before = trusting
      ? (folded.kept(stream, commandId) ?? (mayBeNew ? folded.unseen(decider, stream) : undefined))
      : undefined;
    let outcome = before && (await inTime(decide(before)));
    if (!before || !outcome || !('events' in outcome) || outcome.events.length === 0) {
      const loaded = await inTime(folded.load(decider, stream, commandId));
      if (loaded.earlier.length > 0) {
        const older = decider.formerly(command);
        const hashes = older === undefined ? [commandHash] : [commandHash, hashOf(older)];
        return recordedAnswer(stream, loaded.earlier, hashes);
      }
      if (intent.expectedRevision !== undefined && intent.expectedRevision !== loaded.revision) {
        const message = conflictOf(loaded.revision, intent.expectedRevision);
        return { ok: false, ...refuse('REVISION_CONFLICT', message, ['expectedRevision']) };
      }
      before = loaded;
      outcome = await inTime(decide(loaded));
    }
    const { revision } = before;
    if ('refusal' in outcome) return { ok: false, refusal: outcome.refusal };
    if (outcome.events.length === 0 || intent.trial) return inTime(unchangedAnswer(store, stream, revision));
    const { reliedOn } = outcome.references;
    const events = outcome.events.map(({ type, data: decided }, ordinal): NewEvent => {
      const data = ordinal === 0 && reliedOn !== undefined ? { ...decided, reliedOn } : decided;
      const said = { type, data, metadata: envelope(intent, occurredAt, commandHash, evolution.versionOf(type)) };
      return { id: eventIdOf(stream, ordinal, said), ...said };
    });
    await turn?.come;
    watched?.step('append');
    try {
      const writing = appendSurely({ store, random }, stream, revision, events, course);
      turn?.pass();
      const appended = await writing;
      folded.wrote(decider, stream, before, { commandId, events, revision: appended.revision });
      return { ok: true, stream, ...appended, events, repeated: false };
    } catch (error) {
      if (error instanceof Conflict) {
        folded.forget(stream);
        return error;
      }
      if (error instanceof TooLarge) {
        const message = `the command: would write ${error.actual} bytes at once; the limit is ${error.limit}`;
        return { ok: false, ...refuse('INVALID_INPUT', message) };
      }
      throw error;
    }
  }

  const act = async (intent: Intent, stream: string, course: Course): Promise<Answer> => {
    const { watched, deadline } = course;
    deadline?.check();
    const now = clock();
    const refusal = unkept(intent, now);
    if (refusal !== undefined) return { ok: false, refusal };
    const occurredAt = new Date(intent.occurredAt ?? now).toISOString();
    const commandHash = hashOf(intent.command);
    const turn = ordered ? turnstile.take() : undefined;
    const decided = (count: number) => attempt(intent, stream, occurredAt, commandHash, turn, course, count);
    const decidedAgain = async (first: Conflict): Promise<Answer> => {
      let conflict = first;
      for (let count = 1; ; count++) {
        watched?.met('conflict');
        // If the caller named a revision, the next attempt finds the stream past it and answers with that conflict, or
        // with the earlier answer if this same command was written a moment before.
        if (count > ATTEMPTS) {
          return { ok: false, ...refuse('REVISION_CONFLICT', conflict.message, ['expectedRevision']) };
        }
        watched?.met('retry');
        if (!ordered) await pause(2 ** (count - 1) * 2 * random());
        const answer = await decided(count);
        if (!(answer instanceof Conflict)) return answer;
        conflict = answer;
      }
    };
    const settled = (answer: Answer | Conflict) => (answer instanceof Conflict ? decidedAgain(answer) : answer);
    try {
      // Another process wrote to the stream: ordered acts are decided again one after the other, and later acts queue
      // behind them; otherwise the stream would hold them in a different order.
      if (ordered && queues.has(stream)) return await queues.behind(stream, async () => settled(await decided(0)));
      const answer = await decided(0);
      if (!(answer instanceof Conflict)) return answer;
      return ordered ? await queues.behind(stream, () => decidedAgain(answer)) : await decidedAgain(answer);
    } catch (error) {
      turn?.fail();
      throw error;
    } finally {
      turn?.pass();
    }
  };

  const watched = (intent: Intent, stream: string, deadline?: Deadline): Promise<Answer> =>
    probe === undefined
      ? act(intent, stream, { watched: undefined, deadline })
      : watchedAct(probe.act(intent), (watching) => act(intent, stream, { watched: watching, deadline }));
  return (intent) => {
    const stream = deciderOf(intent.command.type).streamOf(intent.command);
    if (ordered) return watched(intent, stream);
    // Acts on one stream take turns: otherwise they would conflict in the store and be decided again until one of them
    // gives up.
    const deadline = new Deadline(actMs);
    return queues
      .behind(stream, () => watched(intent, stream, deadline), deadline.signal)
      .finally(() => deadline.end());
  };
}

/** Runs an act under a probe, which does not affect the answer. */
async function watchedAct(watched: ActProbe, act: (watched: ActProbe) => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await act(watched);
    watched.ended(answer.ok ? (answer.repeated ? 'repeated' : 'done') : answer.refusal.code);
    return answer;
  } catch (error) {
    watched.ended((error as Error).name);
    throw error;
  }
}
