import { LRUCache } from 'lru-cache';
import { type Database, ReadTurn, type SqlValue, type Statement } from '../../store/sqlite/driver';
import type { Aside } from './aside';
import { Words } from './dictionary';
import { openState, type Place, type State } from './state';

const STATEMENTS = 500;

/** One read-only connection with its dictionary and a bounded number of prepared statements. */
export class ReadConnection {
  readonly words: Words;
  readonly state: State;
  /** Every read of one turn sees one committed state. */
  readonly turn: ReadTurn;
  private readonly statements = new LRUCache<string, Statement<readonly SqlValue[]>>({ max: STATEMENTS });
  /** Of the transaction with this number. */
  private places = new Map<string, Place | undefined>();
  private placed = 0;

  constructor(
    readonly db: Database,
    /** Undefined where every read is made here. */
    readonly aside: Aside | undefined,
  ) {
    this.words = new Words(db);
    this.state = openState(db);
    this.turn = new ReadTurn(db);
  }

  /** Where the live tables of a projection stand in this turn; undefined where there are none. */
  place(projection: string): Place | undefined {
    const turn = this.turn.enter();
    if (turn !== this.placed) {
      // Not emptied but left: an emptied map's table holds the next one, and old ones drag all later ones along.
      this.places = new Map();
      this.placed = turn;
    }
    if (!this.places.has(projection)) this.places.set(projection, this.state.livePlace(projection));
    return this.places.get(projection);
  }

  prepare(text: string): Statement<readonly SqlValue[]> {
    const known = this.statements.get(text);
    if (known) return known;
    const statement = this.db.prepareArrays(text);
    this.statements.set(text, statement);
    return statement;
  }
}
