import type { Moment } from '../moment';

interface RowView<R> {
  readonly row: R;
  readonly moment: Moment;
  readonly computedAt: string;
}

type ViewClass<R, V> = new (row: R, moment: Moment) => V;

/** A base class for the views of a row: it shows these columns under their own names, as of a moment. */
export const viewOf =
  <R extends object>() =>
  <K extends keyof R & string>(...columns: readonly K[]): ViewClass<R, RowView<R> & Readonly<Pick<R, K>>> => {
    class View {
      constructor(
        readonly row: R,
        readonly moment: Moment,
      ) {}

      get computedAt(): string {
        return this.moment.computedAt;
      }
    }
    for (const column of columns) {
      Object.defineProperty(View.prototype, column, {
        get(this: View) {
          return this.row[column];
        },
      });
    }
    return View as unknown as ViewClass<R, RowView<R> & Readonly<Pick<R, K>>>;
  };

/** Shows a row that may be missing. */
export const orNull =
  <R, V>(View: ViewClass<R, V>) =>
  (row: R | undefined, moment: Moment): V | null =>
    row === undefined ? null : new View(row, moment);
