import { type Database, DatabaseFault, type Statement } from '../../store/sqlite/driver';

/** The dictionary of a tables file: a word is stored once and referred to by number. */
export class Words {
  private readonly ids = new Map<string, number>();
  private readonly texts = new Map<number, string>();
  private readonly byText: Statement<readonly [number]>;
  private readonly byId: Statement<readonly [string]>;
  private readonly highest: Statement<readonly [number | null]>;
  private insert: Statement | undefined;

  constructor(private readonly db: Database) {
    this.byText = db.prepareArrays('SELECT id FROM runtime_word WHERE text = ?');
    this.highest = db.prepareArrays('SELECT max(id) FROM runtime_word');
    this.byId = db.prepareArrays('SELECT text FROM runtime_word WHERE id = ?');
  }

  /** The number of a word, which is added where it is new. Only inside a write transaction. */
  intern(text: string): number {
    const known = this.ids.get(text) ?? this.find(text);
    if (known !== undefined) return known;
    this.insert ??= this.db.prepare('INSERT INTO runtime_word (id, text) VALUES (?, ?)');
    const id = (this.highest.get()?.[0] ?? 0) + 1;
    this.insert.run(id, text);
    this.remember(id, text);
    return id;
  }

  /** Undefined where no row ever held the word; that is not remembered, since it may be added at any time. */
  find(text: string): number | undefined {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.byText.get(text)?.[0];
    if (id !== undefined) this.remember(id, text);
    return id;
  }

  textOf(id: number): string {
    const known = this.texts.get(id);
    if (known !== undefined) return known;
    const text = this.byId.get(id)?.[0];
    if (text === undefined) {
      throw new DatabaseFault('tables.sqlite', 'damaged', `it refers to word ${id}, which it does not hold`);
    }
    this.remember(id, text);
    return text;
  }

  /** After a transaction was rolled back its new words are gone, and their numbers may be given to others. */
  forget(): void {
    this.ids.clear();
    this.texts.clear();
  }

  private remember(id: number, text: string): void {
    this.ids.set(text, id);
    this.texts.set(id, text);
  }
}
