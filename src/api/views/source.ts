import type { Metadata } from '../../domain/event';
import type { Asking } from '../asking';
import type { Moment } from '../moment';
import { HistoryView } from './history';

/** The source of a fact; everything but the tool is read from the event on demand. */
export class SourceView {
  constructor(private readonly entry: HistoryView) {}

  get tool(): string {
    return this.entry.tool;
  }

  async metadata(): Promise<Metadata> {
    return (await this.entry.recorded()).metadata;
  }
}

/** The source of a fact whose event is at this position. */
export async function sourceAt(moment: Moment, position: string, asking: Asking): Promise<SourceView> {
  // The history may be behind the tables that contain the fact.
  await asking.reached(position, 'history');
  const row = await moment.told(position);
  if (row === undefined) throw new Error(`the history has no event at ${position}`);
  return new SourceView(new HistoryView(row, moment));
}
