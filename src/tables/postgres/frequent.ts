import type { Connections } from './driver';
import type { Layout } from './schema';

/** How often it is asked anew which words are common. Milliseconds. */
const ANEW_AFTER = 300_000;

/** Words that many texts hold, each with the share of all places of words that it takes. */
type Shares = readonly (readonly [word: string, share: number])[];

/**
 * Which words are common, as PostgreSQL itself has sampled it. An answer does not depend on it, only how soon it is
 * there: so nothing waits for it, and where it cannot be had all words count as rare.
 */
export class CommonWords {
  private readonly known = new Map<string, { readonly since: number; shares: Shares }>();

  constructor(private readonly connections: Connections) {}

  /** The share of all words that begin so, from 0 to 1. */
  shareOf({ walk }: Layout, beginning: string): number {
    if (!walk) return 0;
    let known = this.known.get(walk.words);
    if (!known || performance.now() - known.since > ANEW_AFTER) {
      known = { since: performance.now(), shares: known?.shares ?? [] };
      this.known.set(walk.words, known);
      void this.learn(walk.words, known);
    }
    let sum = 0;
    for (const [word, share] of known.shares) if (word.startsWith(beginning)) sum += share;
    return sum;
  }

  private async learn(table: string, into: { shares: Shares }): Promise<void> {
    const asked =
      'SELECT s.most_common_vals::text::text[], s.most_common_freqs::text::text[] FROM pg_stats s ' +
      'JOIN pg_class c ON c.relname = s.tablename JOIN pg_namespace n ON n.oid = c.relnamespace ' +
      "AND n.nspname = s.schemaname WHERE c.oid = $1::regclass AND s.attname = '_word'";
    try {
      const [row] = await this.connections.query<readonly [readonly string[] | null, readonly string[] | null]>(asked, [
        table,
      ]);
      const shares = row?.[1]?.map(Number) ?? [];
      into.shares = (row?.[0] ?? []).map((word, at) => [word, shares[at] ?? 0]);
    } catch {
      // Asked again after a while; until then all words count as they did.
    }
  }
}
