import { notLeader, notReady, overloaded, type Refusal, unauthenticated } from './refusals';
import type { Subscription } from './subscribe';

/** What can be asked of a server. `features` is what a client asks first on every connection. */
export type Asked = 'append' | 'read' | 'subscribe' | 'delete' | 'features';

/** What becomes of an acknowledgement after the events are written. */
export type Loss = 'silence' | 'reset';

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** How a server misbehaves. Everything here lasts until `heal`, but for what happens once and is then over. */
export class Faults {
  readonly subscriptions = new Set<Subscription>();
  private readonly stalled = new Set<Asked>();
  private readonly losses: Loss[] = [];
  private refusal: Refusal | undefined;
  private leader: Endpoint | undefined;
  private delay = 0;

  constructor(private readonly cut: () => void) {}

  /** The next appends are written, and their writers never hear of it. */
  loseAcknowledgements(count: number, how: Loss = 'silence'): void {
    for (let lost = 0; lost < count; lost += 1) this.losses.push(how);
  }

  /** Calls are accepted and never answered; they leave no trace. */
  stall(...asked: readonly Asked[]): void {
    for (const each of asked) this.stalled.add(each);
  }

  /** Every answer comes late. @param milliseconds how late */
  slowDown(milliseconds: number): void {
    this.delay = milliseconds;
  }

  /** Every connection ends at once, as when a process dies; the next one is accepted. */
  resetConnections(): void {
    this.cut();
  }

  refuseReadiness(): void {
    this.refusal = notReady();
  }

  refuseAsOverloaded(): void {
    this.refusal = overloaded();
  }

  /** No credentials are good enough. */
  refuseCredentials(): void {
    this.refusal = unauthenticated();
  }

  /** Another server leads from now on: this one sends writers there, and readers that insist on a leader. */
  follow(leader: Endpoint): void {
    this.leader = leader;
  }

  /** Every subscription ends as if there were nothing more to come. */
  endSubscriptions(): void {
    for (const subscription of this.subscriptions) subscription.end();
  }

  /** Every subscription stays open and says nothing any more; later ones speak. */
  silenceSubscriptions(): void {
    for (const subscription of this.subscriptions) subscription.fallSilent();
  }

  /** Every subscription is let go of as a subscriber that does not keep up. */
  dropSubscriptions(): void {
    for (const subscription of this.subscriptions) subscription.drop();
  }

  /** Every subscription is given a checkpoint at a position. */
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

  /** Lets a call pass, or not. Exactly one of the two is called, or neither. */
  admit(asked: Asked, insistsOnLeader: boolean, pass: () => void, refuse: (refusal: Refusal) => void): void {
    if (this.stalled.has(asked)) return;
    const writes = asked === 'append' || asked === 'delete';
    const elsewhere = this.leader && (writes || insistsOnLeader) ? notLeader(this.leader) : undefined;
    const refusal = asked === 'features' ? undefined : (this.refusal ?? elsewhere);
    this.late(refusal ? () => refuse(refusal) : pass);
  }

  /** Gives a writer its answer, unless it is to be lost. */
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
