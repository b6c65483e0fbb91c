import type { AnyDecider, Command } from '../domain/deciders';
import { deciderOfStream } from '../domain/deciders';
import { type Refusal, refuse } from '../domain/refusal';
import type { Known, Standings } from '../domain/standings';
import { streamOf } from '../domain/stream';
import type { FoldedStreams } from './folded';

/** How many rounds of references a decision may follow, and how many streams it may depend on. */
const MOST_ROUNDS = 10;
const MOST_STREAMS = 200;

interface Found {
  readonly standing: Standings[keyof Standings] | undefined;
  /** Undefined if the stream does not exist. */
  readonly revision: number | undefined;
}

/** What one decision knows about other streams, and which of them it asked about. */
export class References implements Known {
  private readonly found = new Map<string, Found>();
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly decider: Pick<AnyDecider, 'references'>,
    private readonly command: Command,
    /** Of the stream that the command is about. */
    private readonly state: unknown,
  ) {}

  /**
   * Reads the streams that the command refers to, and those that their standings refer to, round by round. Returns a
   * refusal if there are too many.
   */
  async read(folded: Pick<FoldedStreams, 'load'>): Promise<{ readonly refusal: Refusal } | undefined> {
    const sofar: Known = { standing: (category, id) => this.known(category, streamOf(category, id)) };
    for (let round = 0; ; round += 1) {
      const named = this.decider
        .references(this.command, sofar, this.state)
        .filter((stream) => !this.found.has(stream));
      const streams = new Set(named);
      if (streams.size === 0) return undefined;
      if (round === MOST_ROUNDS || this.found.size + streams.size > MOST_STREAMS) {
        return refuse('TOO_MANY_REFERENCES');
      }
      for (const stream of streams) this.found.set(stream, await read(folded, stream));
    }
  }

  /** Throws if `references` did not name the stream: it was not loaded, so its existence is unknown. */
  standing<C extends keyof Standings>(category: C, id: string): Standings[C] | undefined {
    const stream = streamOf(category, id);
    const found = this.found.get(stream);
    if (found === undefined) throw new Error(`${this.command.type} asks about ${stream}, which it does not refer to`);
    if (found.revision !== undefined) this.asked.set(stream, found.revision);
    return this.known(category, stream);
  }

  /** The streams that the decision asked about, with their revisions; undefined if it asked about none. */
  get reliedOn(): Readonly<Record<string, number>> | undefined {
    return this.asked.size === 0 ? undefined : Object.fromEntries(this.asked);
  }

  private known<C extends keyof Standings>(_category: C, stream: string): Standings[C] | undefined {
    return this.found.get(stream)?.standing as Standings[C] | undefined;
  }
}

async function read(folded: Pick<FoldedStreams, 'load'>, stream: string): Promise<Found> {
  const decider = deciderOfStream(stream);
  if (decider === undefined) return { standing: undefined, revision: undefined };
  const { state, revision } = await folded.load(decider, stream, '');
  return { standing: decider.standing(state), revision: revision === 'none' ? undefined : revision };
}
