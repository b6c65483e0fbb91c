import { notLeader, notReady, overloaded, type Refusal, unauthenticated } from './refusals';
import type { Subscription } from './subscribe';

/** Kinds of calls. `features` is what a client requests first on every connection. */
export type Asked = 'append' | 'read' | 'subscribe' | 'delete' | 'features';

/** What happens to an acknowledgement after the events are written. */
export type Loss = 'silence' | 'reset';

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Ways in which a server misbehaves. Every fault lasts until `heal`, except one-time faults. */
export class Faults {
  readonly subscriptions = new Set<Subscription>();
  private readonly stalled = new Set<Asked>();
  private readonly losses: Loss[] = [];
  private refusal: Refusal | undefined;
  private leader: Endpoint | undefined;
  private delay = 0;

  constructor(private readonly cut: () => void) {}

  /** The next appends are written, but not acknowledged. */
  loseAcknowledgements(count: number, how: Loss = 'silence'): void {
    for (let lost = 0; lost < count; lost += 1) this.losses.push(how);
  }

  /** Calls are accepted and never answered; they have no effect. */
  stall(...asked: readonly Asked[]): void {
    for (const each of asked) this.stalled.add(each);
  }

  /** Every answer comes late. @param milliseconds how late */
  slowDown(milliseconds: number): void {
    this.delay = milliseconds;
  }

  /** Every connection ends at once, as when a process dies; new ones are accepted. */
  resetConnections(): void {
    this.cut();
  }

  refuseReadiness(): void {
    this.refusal = notReady();
  }

  refuseAsOverloaded(): void {
    this.refusal = overloaded();
  }

  /** All credentials are refused. */
  refuseCredentials(): void {
    this.refusal = unauthenticated();
  }

  /** Another server leads from now on: this one redirects writers, and readers that require a leader. */
  follow(leader: Endpoint): void {
    this.leader = leader;
  }

  /** Every subscription ends without an error. */
  endSubscriptions(): void {
    for (const subscription of this.subscriptions) subscription.end();
  }

  /** Every subscription stays open and falls silent; later ones work. */
  silenceSubscriptions(): void {
    for (const subscription of this.subscriptions) subscription.fallSilent();
  }

  /** Every subscription is dropped as too slow. */
  dropSubscriptions(): void {
    for (const subscription of this.subscriptions) subscription.drop();
  }

  /** Every subscription receives a checkpoint at a position. */
  sendCheckpoint(position: number): void {
    for (const subscription of this.subscriptions) subscription.promise(position);
  }

  heal(): void {
    this.stalled.clear();
    this.losses.length = 0;
    this.refusal = undefined;
    this.leader = undefined;
    this.delay = 0;
  }

  get leadsNoMore(): boolean {
    return this.leader !== undefined;
  }

  /** Lets a call pass, or not. At most one of the two callbacks is called. */
  admit(asked: Asked, insistsOnLeader: boolean, pass: () => void, refuse: (refusal: Refusal) => void): void {
    if (this.stalled.has(asked)) return;
    const writes = asked === 'append' || asked === 'delete';
    const elsewhere = this.leader && (writes || insistsOnLeader) ? notLeader(this.leader) : undefined;
    const refusal = asked === 'features' ? undefined : (this.refusal ?? elsewhere);
    this.late(refusal ? () => refuse(refusal) : pass);
  }

  /** Sends a writer its answer, unless it is to be lost. */
  acknowledge(answer: () => void): void {
    const loss = this.losses.shift();
    if (loss === undefined) answer();
    else if (loss === 'reset') this.cut();
  }

  private late(step: () => void): void {
    if (this.delay === 0) step();
    else setTimeout(step, this.delay);
  }
}
