import type { AllStreamResolvedEvent, EventStoreDBClient, ResolvedEvent } from '@eventstore/db-client';
import type { Target } from '../moving';
import type { Store } from '../store';
import type { Address } from './address';
import { certificatesOf } from './certificates';
import { Names } from './encoding';
import { Feed } from './feed';
import { isAway, Reach } from './reach';
import { Reader } from './reading';
import { receiving } from './receiving';
import { RenewedClient } from './renewal';
import { subscribing } from './subscribing';
import { TIMERS, type Timers, within } from './timer';
import { NotSent } from './turns';
import type { Incoming, Listener, Outgoing, Subscribed, Wire } from './wire';
import { Writer } from './writing';

type Module = typeof import('@eventstore/db-client');
/** A read of the client: a stream of events that can be cancelled. */
type Reading = import('@eventstore/db-client').StreamingRead<ResolvedEvent>;

/** Number of events the server scans between two checkpoints of a filtered subscription. */
const SEARCH_WINDOW = 4_096;
const DAY_MS = 86_400_000;

/**
 * The client shares pending requests among all batch appends of a process, so a broken connection would also fail the
 * appends of another store. So one connection at a time writes in batches; a second uses the slower plain path.
 */
let batching = 0;

/**
 * The store on EventStoreDB. The client library is loaded here and nowhere else, and only when this is called. Does not
 * contact the server, which may start later. Throws Unavailable if a certificate file cannot be read.
 */
export async function openEventStoreDb(address: Address, timers: Partial<Timers> = {}): Promise<Store> {
  const { writer, receive: _, ...reading } = await openParts(address, timers);
  return { ...reading, append: (...asked) => writer.append(...asked) };
}

/** The same store opened as the target of a copy. */
export async function openEventStoreDbTarget(address: Address): Promise<Target> {
  const { receive, readStream, readAll, head, close } = await openParts(address);
  return { readStream, readAll, head, close, receive };
}

async function openParts(
  address: Address,
  timers: Partial<Timers> = {},
): Promise<Omit<Store, 'append'> & Pick<Target, 'receive'> & { readonly writer: Writer }> {
  const all = { ...TIMERS, ...timers };
  const wire = await connect(address, all);
  const names = new Names(address.prefix);
  const reader = new Reader(wire, names, all);
  const writer = new Writer(wire, names, (position) => reader.noteOwn(position));
  const feed = new Feed(wire, reader, names, all);
  return {
    writer,
    ordered: wire.ordered,
    receive: receiving(wire, writer),
    readStream: (stream, options) => reader.readStream(stream, options),
    readAll: (range) => reader.readAll(range),
    subscribe: (options) => subscribing(feed, reader, options),
    head: () => reader.head(),
    async close() {
      feed.close();
      await wire.close();
    },
  };
}

/** The underlying connection, for the store itself and for managing the server's rights. */
export async function connect(address: Address, timers: Timers = TIMERS): Promise<Wire> {
  return new ClientWire(require('@eventstore/db-client') as Module, address, timers);
}

class ClientWire implements Wire {
  private readonly reads: RenewedClient<EventStoreDBClient>;
  /** Appends have their own connection, so that subscriptions cannot starve them. */
  private readonly writes: RenewedClient<EventStoreDBClient>;
  private closed = false;
  private readonly reaching: Reach;
  /** Appends go in batches over one stream of messages, which the server processes in order. */
  readonly ordered: boolean;

  constructor(
    private readonly client: Module,
    private readonly address: Address,
    private readonly timers: Timers,
  ) {
    // The library shares a connection between clients with equal settings, so these settings are unique.
    this.writes = new RenewedClient((generation) => this.open(2 * generation + 1));
    this.reads = new RenewedClient(
      (generation) => this.open(2 * generation),
      () => this.writes.doubt(),
    );
    this.reaching = new Reach(this.writes);
    this.ordered = batching === 0;
    if (this.ordered) batching += 1;
  }

  reach(stream: string): Promise<void> {
    const options = { ...this.onLeader(), fromRevision: END, direction: BACKWARDS, maxCount: 1 };
    return this.reaching.settled(() => this.collect((client) => client.readStream(stream, options), this.writes));
  }

  async append(stream: string, expected: 'none' | number, events: readonly Outgoing[], signal?: AbortSignal) {
    const written = events.map(({ id, type, data, metadata }) =>
      this.client.jsonEvent({ id, type, data: data as Record<string, unknown>, metadata }),
    );
    const options = {
      expectedRevision: expected === 'none' ? ('no_stream' as const) : BigInt(expected),
      // The server refuses an append that it processes after its deadline, but not one sent just after it: a gap. We
      // use our timer.
      deadline: this.ordered ? DAY_MS : this.timers.appendMs,
      ...this.onLeader(),
      // Credentials passed with the append select the plain path.
      ...(this.ordered ? {} : { credentials: this.address.credentials ?? { username: '', password: '' } }),
    };
    const answer = await this.writes.call((client) => {
      if (signal?.aborted) throw new NotSent('its caller gave up before it was sent');
      return within(this.timers.appendMs, client.appendToStream(stream, written, options), { signal });
    });
    const revision = Number(answer.nextExpectedRevision);
    return answer.position === undefined ? { revision } : { revision, commit: Number(answer.position.commit) };
  }

  async readStream(stream: string, from: number, count: number) {
    try {
      const options = { ...this.onLeader(), fromRevision: BigInt(from), maxCount: count };
      return await this.collect((client) => client.readStream(stream, options, BUFFER));
    } catch (error) {
      if (error instanceof this.client.StreamNotFoundError) return [];
      throw error;
    }
  }

  async readLast(stream: string) {
    try {
      const options = { ...this.onLeader(), fromRevision: END, direction: BACKWARDS, maxCount: 1 };
      return (await this.collect((client) => client.readStream(stream, options)))[0];
    } catch (error) {
      if (error instanceof this.client.StreamNotFoundError) return undefined;
      throw error;
    }
  }

  readForwards(from: number | undefined, count: number) {
    const fromPosition = from === undefined ? START : at(from);
    const options = { ...this.onLeader(), fromPosition, maxCount: count };
    return this.collect((client) => client.readAll(options, BUFFER));
  }

  readBackwards(before: number | undefined, count: number) {
    const fromPosition = before === undefined ? END : at(before);
    const options = { ...this.onLeader(), fromPosition, direction: BACKWARDS, maxCount: count };
    return this.collect((client) => client.readAll(options, BUFFER));
  }

  subscribe(after: number | undefined, prefix: string, listener: Listener): Subscribed {
    const options = {
      ...this.onLeader(),
      fromPosition: after === undefined ? START : at(after),
      filter: this.client.streamNameFilter({
        prefixes: [prefix],
        maxSearchWindow: SEARCH_WINDOW,
        checkpointInterval: 1,
        checkpointReached: async () => listener.checkpoint(),
      }),
    };
    const subscription = this.reads.now.subscribeToAll(options, PULLED);
    let over = false;
    const end = (error?: unknown) => {
      if (over) return;
      over = true;
      unwatch();
      if (isAway(error)) this.writes.doubt();
      listener.ended(error);
    };
    const unwatch = this.reads.watch(end);
    const caughtUp = () => {
      if (!over) listener.caughtUp();
    };
    // The client reports this on arrival, ahead of events it still buffers.
    let ahead = 0;
    subscription
      .on('confirmation', () => listener.confirmed())
      .on('caughtUp', () => {
        ahead = subscription.readableLength;
        if (ahead === 0) caughtUp();
      })
      .on('data', ({ event }: AllStreamResolvedEvent) => {
        if (!over && event !== undefined) listener.event(incoming(event));
        if (ahead > 0 && --ahead === 0) caughtUp();
      })
      .on('error', end)
      .on('end', () => end())
      .on('close', () => end());
    return {
      stop() {
        over = true;
        unwatch();
        // A paused subscription that is never read to its end would keep the connection open.
        subscription.resume();
        void subscription.unsubscribe().catch(() => undefined);
      },
      pause: () => void subscription.pause(),
      resume: () => void subscription.resume(),
    };
  }

  async tryDelete(stream: string): Promise<void> {
    const options = { expectedRevision: 0n };
    await this.reads.call((client) => within(this.timers.appendMs, client.deleteStream(stream, options)));
  }

  renew(): Promise<void> {
    return this.reads.renew();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.all([this.reads.close(), this.writes.close()]);
    if (this.ordered) batching -= 1;
  }

  private open(nth: number): EventStoreDBClient {
    const { hosts, credentials, discover, nodePreference, numbers } = this.address;
    const { keepAliveInterval = 10_000, ...others } = numbers;
    const rest = {
      ...others,
      nodePreference,
      connectionName: 'palimpsest',
      // The library remembers its back-off per address and settings; settings that differ make a new connection, tried
      // at once.
      keepAliveInterval: keepAliveInterval + nth,
    };
    const secured = certificatesOf(this.address);
    const { EventStoreDBClient: Client } = this.client;
    const [first] = hosts;
    if (discover) return new Client({ ...rest, discover: first! }, secured, credentials);
    if (hosts.length > 1) return new Client({ ...rest, endpoints: [...hosts] }, secured, credentials);
    return new Client({ ...rest, endpoint: first! }, secured, credentials);
  }

  private onLeader(): { readonly requiresLeader: boolean } {
    return { requiresLeader: this.address.nodePreference === 'leader' };
  }

  /** Collects all events of a read with a count. The read is always consumed or cancelled. */
  private collect(begin: (client: EventStoreDBClient) => Reading, line = this.reads): Promise<readonly Incoming[]> {
    return line.call((client) => {
      const reading = begin(client);
      const events: Incoming[] = [];
      let unwatch = () => {};
      const whole = new Promise<readonly Incoming[]>((resolve, reject) => {
        unwatch = line.watch(reject);
        reading
          .on('data', ({ event }: ResolvedEvent) => {
            if (event !== undefined) events.push(incoming(event));
          })
          .on('error', reject)
          .on('end', () => resolve(events));
      });
      const cancel = () => void reading.cancel().catch(() => undefined);
      return within(this.timers.readMs, whole, { expired: cancel }).finally(unwatch);
    });
  }
}

/** The client's own constants, available only after it is loaded. */
const START = 'start' as const;
const END = 'end' as const;
const BACKWARDS = 'backwards' as const;

/** Objects the client may buffer; its default of 16 pauses and resumes the connection every few events. */
const BUFFER = { highWaterMark: 512 };
/** For a subscription, whose reader may pause it for any length of time. */
const PULLED = { highWaterMark: 64 };

const at = (position: number) => ({ commit: BigInt(position), prepare: BigInt(position) });

function incoming(event: NonNullable<ResolvedEvent['event']>): Incoming {
  const { id, type, data, metadata, isJson: json, streamId: streamName, created } = event;
  const commit = event.position === undefined ? -1 : Number(event.position.commit);
  // For an unknown position the server reports the largest possible number.
  const known = commit >= 0 && commit <= Number.MAX_SAFE_INTEGER;
  return {
    id,
    type,
    data,
    metadata,
    json,
    streamName,
    revision: Number(event.revision),
    commit: known ? commit : undefined,
    created,
  };
}
