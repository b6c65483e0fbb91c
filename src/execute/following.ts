import { setTimeout as pause } from 'node:timers/promises';
import { v5 as uuidv5 } from 'uuid';
import type { Policy } from '../domain/policy';
import { Unavailable, UnknownOutcome } from '../store/store';
import type { Execute } from './intent';

/** Causes become command ids in this name space. */
const CAUSES = '6a2b9c1e-0f4d-5c7a-8e31-94d5b7c2f1a0';
/** Who acts where nobody does. */
const ACTOR = { id: 'palimpsest', kind: 'service' } as const;
const TICK_MS = 1_000;

/** A policy with the facts that it looks at. */
export interface Watched<F = unknown> {
  readonly policy: Policy<F>;
  /** Facts from which something may follow by an instant, the oldest first, with the instant from which on it does. */
  facts(now: string): Promise<readonly { readonly fact: F; readonly since: string }[]>;
}

/** Binds a policy to its facts. */
export const watched = <F>(policy: Policy<F>, facts: Watched<F>['facts']): Watched => ({ policy, facts }) as Watched;

/** How a policy stands. */
export interface PolicyStanding {
  readonly name: string;
  /** `stopped`: it failed in itself and does nothing more until the program is started anew. */
  readonly status: 'running' | 'retrying' | 'stopped';
  /** How long ago the oldest thing should have followed that has not yet, in milliseconds. */
  readonly behindMs: number;
  readonly fault?: string;
}

export interface FollowingOptions {
  readonly policies: readonly Watched[];
  readonly execute: Execute;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Whether this process is the one in which things follow. */
  readonly mayRun: () => boolean;
  /** Between two looks at the clock, in milliseconds. Default 1,000. */
  readonly tickMs?: number | undefined;
  readonly onFault: (fault: unknown) => void;
}

/**
 * Lets follow what policies say, again and again. What follows is an ordinary act of an ordinary actor, with an id made
 * from its cause: what was done already is answered as before, so nothing is kept of what was done. A policy that fails
 * stops alone.
 */
export class FollowingPolicies {
  private readonly standings = new Map<string, PolicyStanding>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: FollowingOptions) {
    for (const { policy } of options.policies) {
      this.standings.set(policy.name, { name: policy.name, status: 'running', behindMs: 0 });
    }
  }

  start(): void {
    this.running ??= this.run();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  standing(): readonly PolicyStanding[] {
    return [...this.standings.values()];
  }

  /** Looks at the clock once. */
  async tick(): Promise<void> {
    if (!this.options.mayRun()) return;
    const now = new Date(this.options.clock()).toISOString();
    for (const each of this.options.policies) {
      if (this.standings.get(each.policy.name)?.status !== 'stopped') await this.follow(each, now);
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.tick();
      await pause(this.options.tickMs ?? TICK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async follow({ policy, facts }: Watched, now: string): Promise<void> {
    const { name } = policy;
    let behindMs = this.standings.get(name)?.behindMs ?? 0;
    try {
      const found = await facts(now);
      behindMs = found[0] === undefined ? 0 : Math.max(0, Date.parse(now) - Date.parse(found[0].since));
      for (const { fact } of found) {
        for (const following of policy.follows(fact, now)) await this.act(name, following, now);
        if (this.stopping.signal.aborted) return;
      }
      this.standings.set(name, { name, status: 'running', behindMs });
    } catch (error) {
      const { message } = error as Error;
      const status = isPassing(error) ? 'retrying' : 'stopped';
      this.standings.set(name, { name, status, behindMs, fault: message });
      this.options.onFault(new Error(`policy ${name} ${status === 'stopped' ? 'stopped' : 'waits'}: ${message}`));
    }
  }

  /** A refusal is an answer: somebody did what was to follow, or it is no longer to. */
  private async act(policy: string, { command, cause }: ReturnType<Policy<unknown>['follows']>[number], now: string) {
    const commandId = uuidv5(`${policy}\n${cause}`, CAUSES);
    const by = { actor: ACTOR, workspace: 'default', tool: 'palimpsest', source: `policy ${policy}` };
    await this.options.execute({ command, ...by, commandId, occurredAt: now });
  }
}

/** What will be well again by itself; tables that are being built say so by their name. */
function isPassing(error: unknown): boolean {
  if (error instanceof Unavailable || error instanceof UnknownOutcome) return true;
  return ['TablesUnavailable', 'TablesNotReady', 'AbortError'].includes((error as Error).name);
}
