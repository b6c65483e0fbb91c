import { assetById, fieldsNamed } from '../../../projections/library/queries';
import type { MetadataValue } from '../../domain/asset/parts';
import type { Recorded } from '../../domain/catalogue';
import { before } from '../../store/instant';
import type { Asking } from '../asking';
import { type Part, partOf } from '../listing';
import { metadataField } from '../views/asset';
import type { HistoryView } from '../views/history';

type Fields = Readonly<Record<string, MetadataValue>>;

/** The fields of a metadata event in the form of the schema. */
export function setFields(fields: Fields = {}): readonly object[] {
  return Object.entries(fields).map(([name, value]) => metadataField({ name, ...value }));
}

function shown(name: string, value: MetadataValue | undefined): object | null {
  return value === undefined ? null : metadataField({ name, ...value });
}

const text = (value: string): MetadataValue => ({ type: 'text', value, material: false });
const list = (value: readonly string[]): MetadataValue => ({ type: 'list', value, material: false });

interface Changed {
  readonly what: 'title' | 'tags' | 'field';
  readonly name: string;
  readonly after?: MetadataValue;
}

/** The changes of a metadata event, with the old values according to the library just before the event. */
export async function changesOf(view: HistoryView, args: Part, asking: Asking): Promise<readonly object[]> {
  const { data, position } = (await view.recorded()) as Recorded<'MetadataChanged'>;
  const part = partOf(changedIn(data), args);
  // Tables that have not reached the event may lack the state before it too.
  await asking.reached(position, 'library');
  const reader = view.moment.reader('library');
  const at = { position: before(position) };
  const names = part.filter(({ what }) => what === 'field').map(({ name }) => name);
  const whole = part.length > names.length ? await assetById(reader, view.row.subject, at) : undefined;
  const rows = names.length === 0 ? [] : await fieldsNamed(reader, view.row.subject, names, at);
  const fields = new Map(names.map((name, index) => [name, rows[index] as MetadataValue | undefined]));
  const stood = ({ what, name }: Changed): MetadataValue | undefined => {
    if (what === 'field') return fields.get(name);
    if (whole === undefined) return undefined;
    return what === 'title' ? text(whole.title) : list(whole.tags);
  };
  return part.map((change) => {
    const { what, name, after } = change;
    return { what, name, before: shown(name, stood(change)), after: shown(name, after) };
  });
}

function changedIn({ title, tags, set = {}, unset = [] }: Recorded<'MetadataChanged'>['data']): readonly Changed[] {
  return [
    ...(title === undefined ? [] : [{ what: 'title', name: 'title', after: text(title) } as const]),
    ...(tags === undefined ? [] : [{ what: 'tags', name: 'tags', after: list(tags) } as const]),
    ...Object.entries(set).map(([name, after]) => ({ what: 'field', name, after }) as const),
    ...unset.map((name) => ({ what: 'field', name }) as const),
  ];
}
