import { once } from 'node:events';
import {
  type AllStreamSubscription,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  type Filter,
  type Position,
  type StreamSubscription,
  streamNameFilter,
} from '@eventstore/db-client';
import { all, type Chapter, event, events, type Given, newStream, outcome } from './given';

type Any = AllStreamSubscription | StreamSubscription;
const at = (commit: bigint): Position => ({ commit, prepare: commit });

/** What a subscription delivers, in order: `confirmation`, ids of events, `caughtUp`, and how it ended. */
class Hearing {
  readonly heard: string[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(readonly subscription: Any) {
    subscription.on('confirmation', () => this.note('confirmation'));
    subscription.on('caughtUp', () => this.note('caughtUp'));
    subscription.on('data', ({ event: each }) => each && this.note(each.id));
    subscription.on('error', (error) => this.note(`error ${(error as Error & { type?: string }).type}`));
    subscription.on('end', () => this.note('end'));
    subscription.on('close', () => this.note('close'));
  }

  get ids(): string[] {
    return this.heard.filter((word) => word.includes('-') && !word.startsWith('error'));
  }

  note(word: string): void {
    this.heard.push(word);
    for (const look of [...this.waiting]) look();
  }

  /** Resolves once enough has been delivered. */
  until(enough: (hearing: Hearing) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!enough(this)) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  hears(word: string): Promise<void> {
    return this.until(({ heard }) => heard.includes(word));
  }
}

/** Position of the last event of the log. */
async function head({ client }: Given): Promise<Position> {
  return (await client.appendToStream(newStream(), event())).position!;
}

const idsOf = (batch: readonly { id: string }[]) => batch.map(({ id }) => id);

export const subscribing: Chapter = {
  'confirms, delivers existing events, reports that it has caught up, and goes live': async (given) => {
    const { client } = given;
    const stream = newStream();
    const filter = streamNameFilter({ prefixes: [stream] });
    const fromPosition = await head(given);
    const [before, after] = [events(3), events(2)];
    await client.appendToStream(stream, before);
    const hearing = new Hearing(client.subscribeToAll({ fromPosition, filter }));
    await hearing.hears('caughtUp');
    await client.appendToStream(stream, after);
    await hearing.hears(after[1]!.id);
    expect(hearing.heard).toEqual(['confirmation', ...idsOf(before), 'caughtUp', ...idsOf(after)]);
    await hearing.subscription.unsubscribe();
    await hearing.hears('close');
    expect(hearing.heard.slice(-2)).toEqual(['end', 'close']);
  },

  'starts after the given position': async (given) => {
    const { client } = given;
    const stream = newStream();
    const batch = events(3);
    await client.appendToStream(stream, batch);
    const [first] = await all(client.readStream(stream));
    const filter = streamNameFilter({ prefixes: [stream] });
    const hearing = new Hearing(client.subscribeToAll({ fromPosition: first!.event!.position!, filter }));
    await hearing.hears('caughtUp');
    expect(hearing.ids).toEqual(idsOf(batch.slice(1)));
    await hearing.subscription.unsubscribe();
  },

  'starts at the end with new events only': async (given) => {
    const { client } = given;
    const stream = newStream();
    await client.appendToStream(stream, event());
    const filter = streamNameFilter({ prefixes: [stream] });
    const hearing = new Hearing(client.subscribeToAll({ fromPosition: END, filter }));
    await hearing.hears('caughtUp');
    const fresh = event();
    await client.appendToStream(stream, fresh);
    await hearing.hears(fresh.id);
    expect(hearing.ids).toEqual([fresh.id]);
    await hearing.subscription.unsubscribe();
  },

  'filters by names and types, with prefixes and regular expressions': async (given) => {
    const { client } = given;
    const fromPosition = await head(given);
    const stream = newStream();
    const type = `Type${stream}`;
    const [plain, typed] = [event(), event({ type })];
    await client.appendToStream(stream, [plain, typed]);
    await client.setStreamMetadata(stream, { maxCount: 100 });
    const gives = async (filter: Filter, mine: (id: string) => boolean) => {
      const hearing = new Hearing(client.subscribeToAll({ fromPosition, filter }));
      await hearing.hears('caughtUp');
      await hearing.subscription.unsubscribe();
      return hearing.ids.filter(mine);
    };
    const both = [plain.id, typed.id];
    const mine = (id: string) => both.includes(id);
    expect(await gives(streamNameFilter({ prefixes: ['nothing-', stream] }), () => true)).toEqual(both);
    expect(await gives(streamNameFilter({ regex: `^${stream}$` }), () => true)).toEqual(both);
    expect(await gives(eventTypeFilter({ prefixes: [type] }), () => true)).toEqual([typed.id]);
    expect(await gives(eventTypeFilter({ regex: `^${type}$` }), () => true)).toEqual([typed.id]);
    expect(await gives(excludeSystemEvents(), mine)).toEqual(both);
  },

  'ends on an invalid expression, and on a position that was never issued': async (given) => {
    const { client } = given;
    const { commit } = await head(given);
    await client.appendToStream(newStream(), event());
    for (const options of [{ filter: streamNameFilter({ regex: '(' }) }, { fromPosition: at(commit + 1n) }]) {
      const hearing = new Hearing(client.subscribeToAll(options));
      await hearing.hears('error unknown');
      expect(hearing.ids).toEqual([]);
    }
  },

  'delivers, from far beyond the end, events before that position': async (given) => {
    const { client } = given;
    const stream = newStream();
    const filter = streamNameFilter({ prefixes: [stream] });
    const hearing = new Hearing(client.subscribeToAll({ fromPosition: at(10n ** 15n), filter }));
    await hearing.hears('caughtUp');
    const fresh = event();
    await client.appendToStream(stream, fresh);
    await hearing.hears(fresh.id);
    await hearing.subscription.unsubscribe();
  },

  'reports how far it has scanned, catching up and live, also if nothing matches': async (given) => {
    const { client } = given;
    const fromPosition = await head(given);
    const stream = newStream();
    await client.appendToStream(stream, events(30));
    const checkpoints: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: ['nothing-'],
      maxSearchWindow: 5,
      checkpointInterval: 2,
      checkpointReached: (_subscription, { commit }) => {
        checkpoints.push(commit);
        hearing.note('checkpoint');
      },
    });
    const hearing = new Hearing(client.subscribeToAll({ fromPosition, filter }));
    await hearing.hears('caughtUp');
    const caughtUp = checkpoints.length;
    expect(caughtUp).toBeGreaterThanOrEqual(2);
    const { position } = await client.appendToStream(stream, events(20));
    await hearing.until(() => checkpoints.length >= caughtUp + 2);
    expect([...checkpoints].sort((a, b) => Number(a - b))).toEqual(checkpoints);
    expect(checkpoints.at(-1)).toBeLessThanOrEqual(position!.commit);
    await hearing.subscription.unsubscribe();
  },

  'drops a live subscriber on a burst, and resumes from its position': async (given) => {
    const { client } = given;
    const stream = newStream();
    const filter = streamNameFilter({ prefixes: [stream] });
    const fromPosition = await head(given);
    const hearing = new Hearing(client.subscribeToAll({ fromPosition, filter }));
    await hearing.hears('caughtUp');
    const burst = events(2000);
    await client.appendToStream(stream, burst);
    await hearing.hears('error timeout');
    const { ids } = hearing;
    expect(ids.length).toBeLessThan(burst.length);
    expect(ids).toEqual(idsOf(burst).slice(0, ids.length));
    const positions = (await all(client.readStream(stream))).map(({ event: each }) => each!.position!);
    const again = new Hearing(
      client.subscribeToAll({ fromPosition: positions[ids.length - 1] ?? fromPosition, filter }),
    );
    await again.hears('caughtUp');
    expect([...ids, ...again.ids]).toEqual(idsOf(burst));
    await again.subscription.unsubscribe();
  },

  'keeps a live subscriber if events arrive one by one': async (given) => {
    const { client } = given;
    const stream = newStream();
    const filter = streamNameFilter({ prefixes: [stream] });
    const hearing = new Hearing(client.subscribeToAll({ fromPosition: END, filter }));
    await hearing.hears('caughtUp');
    const singles = events(300);
    for (const each of singles) await client.appendToStream(stream, each);
    await hearing.hears(singles.at(-1)!.id);
    expect(hearing.ids).toEqual(idsOf(singles));
    await hearing.subscription.unsubscribe();
  },

  'follows one stream, even if it is missing, and from beyond its end once it gets there': async (given) => {
    const { client } = given;
    const stream = newStream();
    const hearing = new Hearing(client.subscribeToStream(stream));
    const beyond = new Hearing(client.subscribeToStream(stream, { fromRevision: 3n }));
    await hearing.hears('confirmation');
    await beyond.hears('confirmation');
    expect([...hearing.heard, ...beyond.heard]).not.toContain('caughtUp');
    const batch = events(6);
    for (const each of batch) await client.appendToStream(stream, each);
    await hearing.hears(batch[5]!.id);
    await beyond.hears(batch[5]!.id);
    await hearing.hears('caughtUp');
    expect(hearing.ids).toEqual(idsOf(batch));
    expect(beyond.ids).toEqual(idsOf(batch.slice(4)));
    await hearing.subscription.unsubscribe();
    await beyond.subscription.unsubscribe();
  },

  'ends with its stream, after the tombstone': async (given) => {
    const { client } = given;
    const stream = newStream();
    await client.appendToStream(stream, event());
    const subscription = client.subscribeToStream(stream);
    const hearing = new Hearing(subscription);
    const last: unknown[] = [];
    subscription.on('data', ({ event: each }) => last.splice(0, 1, each?.type, each?.revision));
    await hearing.hears('caughtUp');
    await client.tombstoneStream(stream);
    await hearing.hears('error stream-deleted');
    expect(last.slice(0, 2)).toEqual(['$streamDeleted', 9223372036854775807n]);
    expect(await outcome(once(client.subscribeToStream(stream), 'data'))).toMatchObject({ type: 'stream-deleted' });
  },
};
