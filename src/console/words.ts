/** `CHANGES_REQUESTED` → `Changes requested`. */
export function word(name: string): string {
  const text = name.toLowerCase().replaceAll('_', ' ');
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

export const STATUSES = ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'REJECTED', 'APPROVED', 'RETIRED'] as const;
export const KINDS = [
  'IMAGE',
  'VIDEO',
  'AUDIO',
  'DOCUMENT',
  'COPY',
  'TEMPLATE',
  'FONT',
  'DESIGN',
  'MODEL3D',
  'OTHER',
] as const;

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export const day = (instant: string | number): string => DAY.format(new Date(instant));
export const moment = (instant: string | number): string => MOMENT.format(new Date(instant));

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `1536` → `1.5 kB`. */
export function size(bytes: string): string {
  let value = Number(bytes);
  let unit = 0;
  for (; value >= 1000 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
