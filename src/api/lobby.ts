/** Clients that have not sent a token yet, by address. */
export class Lobby<C> {
  private readonly waiting = new Map<string, Set<C>>();
  private size = 0;

  constructor(
    private readonly capacity: number,
    /** Called with the client to disconnect so that a new one can be accepted. */
    private readonly turnOut: (client: C) => void,
  ) {}

  /**
   * Always admits a new client. Above the limit, it disconnects the oldest client of the address that has the most: a
   * client that sends its token at once has left before a crowd can push it out, and a crowd only pushes out its own
   * members.
   */
  enter(address: string, client: C): void {
    const those = this.waiting.get(address) ?? new Set();
    this.waiting.set(address, those.add(client));
    this.size += 1;
    if (this.size <= this.capacity) return;
    let [largest, most] = [address, those];
    for (const [each, clients] of this.waiting) if (clients.size > most.size) [largest, most] = [each, clients];
    const [longest] = most;
    this.leave(largest, longest!);
    this.turnOut(longest!);
  }

  leave(address: string, client: C): void {
    const those = this.waiting.get(address);
    if (!those?.delete(client)) return;
    this.size -= 1;
    if (those.size === 0) this.waiting.delete(address);
  }
}
