import { canonical } from './bytes';

/**
 * The report of a pack: its events in sentences. It follows from the facts alone, so whoever verifies a pack makes it
 * anew and compares. The sentences are data, the same for every verifier; how they are filled in is here.
 */

export interface Told {
  readonly index: number;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly stream: string;
    readonly revision: number;
    readonly recordedAt: string;
    readonly data: unknown;
    readonly metadata: {
      readonly actorId: string;
      readonly actorKind: string;
      readonly occurredAt: string;
      readonly onBehalfOf?: string;
    };
  };
}

export interface Frame {
  readonly log: string;
  readonly size: number;
  /** What was asked for, in words. */
  readonly title: string;
  readonly asOf: string;
  /** Names of actors, where the pack has them. */
  readonly names: { readonly [actor: string]: string };
  /** Names of content files, by digest. */
  readonly pictures: { readonly [digest: string]: string };
}

export type Sentences = { readonly [type: string]: string };

const ESCAPES: { readonly [letter: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]!);

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return canonical(value);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as { readonly [name: string]: unknown })[step];
  }
  return found;
}

/** `{actor}` and `{data.member}` are replaced; a part in brackets is left out where something in it is missing. */
export function sentenceOf({ event }: Told, sentences: Sentences, names: Frame['names']): string {
  const named = (id: string): string => names[id] ?? id;
  const { actorId, onBehalfOf } = event.metadata;
  const actor = onBehalfOf === undefined ? named(actorId) : `${named(actorId)} for ${named(onBehalfOf)}`;
  const fill = (template: string): string | undefined => {
    let missing = false;
    const text = template.replace(/\{([\w.]+)\}/g, (_all, name: string) => {
      if (name === 'actor') return actor;
      if (name === 'type') return event.type;
      const [, path = '', kind] = /^data\.(.*?)(\.names)?$/.exec(name) ?? [];
      const value = valueAt(event.data, path.split('.'));
      if (value === undefined || value === null || value === '') missing = true;
      if (kind !== undefined && Array.isArray(value)) return value.map((id) => named(shown(id))).join(', ');
      return shown(value ?? '');
    });
    return missing ? undefined : text;
  };
  const template = sentences[event.type] ?? sentences.other!;
  const parts = template.split(/(\[[^\]]*\])/).map((part) => {
    const optional = part.startsWith('[');
    return optional ? (fill(part.slice(1, -1)) ?? '') : fill(part);
  });
  return parts.includes(undefined) ? `${actor} recorded ${event.type}` : parts.join('');
}

export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --soft: #666; --line: #ccc; --link: #0b57d0 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --soft: #a5a5a5; --line: #444; --link: #8ab4f8 } }
body { font: 16px/1.5 Georgia, serif; color: var(--ink); background: var(--paper); max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h3 { font-size: .9rem } h2 { font-size: 1.1rem; margin-top: 2rem; overflow-wrap: anywhere }
p.small, td.at, pre { color: var(--soft); font-size: .8rem } a { color: var(--link) }
table { border-collapse: collapse; width: 100% } td { border-top: 1px solid var(--line); padding: .3rem .5rem .3rem 0; vertical-align: top }
td.at { white-space: nowrap } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .2rem 0 1rem }
img { max-width: 16rem; max-height: 12rem; display: block; margin: .3rem 0; border: 1px solid var(--line) }
tr, figure, pre { break-inside: avoid } h2, h3 { break-after: avoid }
@media print { :root { --ink: #000; --paper: #fff; --soft: #444; --line: #999; --link: #000 } body { margin: 0; max-width: none; font-size: 10.5pt } }
@page { margin: 18mm 16mm }
`;

export const LIMITS =
  'This report tells what the log says. It does not prove that what was recorded first was true, nor at which time of day ' +
  'anything happened: without a witness, times are the word of the operator. It is complete up to the checkpoint, and says ' +
  'nothing of what came later.';

/** The beginning of the report, before the first stream. */
export function reportHead({ log, size, title, asOf }: Frame): string {
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
    `<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<h1>${escaped(title)}</h1>\n` +
    `<p>From the log <b>${escaped(log)}</b>, as signed at ${size} entries; the last of them was recorded at ${escaped(asOf)}.</p>\n` +
    `<p class="small">${LIMITS}</p>\n`
  );
}

/** The events of one stream, in order: sentences, then each event as it was signed. */
export function reportStream(
  stream: string,
  told: readonly Told[],
  sentences: Sentences,
  { names, pictures }: Frame,
): string {
  const rows = told.map((each) => {
    const { index, event } = each;
    const digest = valueAt(event.data, ['digest']);
    const picture = event.type === 'VersionAdded' && typeof digest === 'string' ? pictures[digest] : undefined;
    const image = picture === undefined ? '' : `<img src="${escaped(picture)}" alt="what was seen">`;
    return (
      `<tr id="entry-${index}"><td class="at">${escaped(event.metadata.occurredAt)}</td>` +
      `<td><a href="#event-${index}">${escaped(sentenceOf(each, sentences, names))}</a>. ` +
      `<a href="proofs/${index}.tlog-proof">Proof</a>${image}</td></tr>\n`
    );
  });
  const events = told.map(
    ({ index, event }) =>
      `<pre id="event-${index}"><a href="#entry-${index}">${index}</a> ${escaped(canonical(event))}</pre>\n`,
  );
  return `<h2>${escaped(stream)}</h2>\n<table>\n${rows.join('')}</table>\n<h3>The events as they were signed</h3>\n${events.join('')}`;
}

export const reportEnd = (): string => '</body>\n</html>\n';
