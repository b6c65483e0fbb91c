/** The state of the page, which is entirely in the address, so that a link or a reload shows the same. */
export interface Place {
  /** UUID of the open asset. */
  readonly asset?: string | undefined;
  readonly words: string;
  readonly status: string;
  readonly kind: string;
  readonly order: string;
  /** The selected moment, as an instant; default: the present. */
  readonly at?: string | undefined;
  /** The versions shown side by side; default: the current and the previous one. */
  readonly left?: number | undefined;
  readonly right?: number | undefined;
}

const ROOT = '/assets';
export const ORDERS = ['CHANGED', 'REGISTERED', 'TITLE'] as const;

export function placeOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Place {
  const parameters = new URLSearchParams(search);
  const number = (name: string): number | undefined => {
    const value = Number(parameters.get(name));
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const at = parameters.get('at') ?? '';
  const asset = /^\/assets\/([0-9a-f-]{36})$/.exec(pathname)?.[1];
  return {
    asset,
    words: parameters.get('q') ?? '',
    status: parameters.get('status') ?? '',
    kind: parameters.get('kind') ?? '',
    order: parameters.get('order') ?? 'CHANGED',
    at: Number.isNaN(Date.parse(at)) ? undefined : new Date(at).toISOString(),
    left: number('left'),
    right: number('right'),
  };
}

export function hrefOf({ asset, words, status, kind, order, at, left, right }: Place): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  };
  set('q', words);
  set('status', status);
  set('kind', kind);
  set('order', order === 'CHANGED' ? '' : order);
  set('at', at);
  if (asset !== undefined) {
    set('left', left);
    set('right', right);
  }
  const query = parameters.toString();
  return `${asset === undefined ? ROOT : `${ROOT}/${asset}`}${query === '' ? '' : `?${query}`}`;
}

/** The library as it was before this asset was opened. */
export const listOf = (place: Place): Place => ({ ...place, asset: undefined, left: undefined, right: undefined });

export const assetPlace = (place: Place, id: string): Place => ({
  ...listOf(place),
  // An id as of a moment ends in that moment, which the page already has.
  asset: id.replace(/^asset-/, '').replace(/@.*$/, ''),
});
