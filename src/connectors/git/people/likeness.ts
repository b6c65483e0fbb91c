import type { Ident } from './ident';

/** Traits that may identify a person under another address. */
export interface Traits {
  /** The words of the name in normalised spelling and order; empty if there are none. */
  readonly name: string;
  readonly words: ReadonlySet<string>;
  /** Logins, local parts of addresses, and the name written as one word. */
  readonly handles: ReadonlyMap<string, 'login' | 'local' | 'joined'>;
}

/** Letters that Unicode normalisation does not decompose. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
};
const WHOLE = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');
/** Mailboxes that belong to no one person: sharing one proves nothing. */
const GENERIC = new Set(
  (
    'me mail email info git github gitlab hello hi contact dev code team design office root admin administrator user ' +
    'noreply support webmaster postmaster studio work home private public'
  ).split(' '),
);
/** `123+login@users.noreply.github.com`, and the same with `-`. */
const HIDDEN = /^(?:\d+[+-])?([^@+]+)@users\.noreply\./;

export function traitsOf({ name, email, scope }: Ident): Traits {
  const known = wordsOf(name.includes('@') ? '' : name);
  const handles = new Map<string, 'login' | 'local' | 'joined'>();
  const add = (text: string, kind: 'login' | 'local' | 'joined') => {
    const handle = wordsOf(text).join('');
    if (handle.length > 1 && !GENERIC.has(handle) && !handles.has(handle)) handles.set(handle, kind);
  };
  const address = email.trim().toLowerCase();
  const login = HIDDEN.exec(address)?.[1] ?? (scope !== undefined && !name.includes(' ') ? name : undefined);
  if (login !== undefined) add(login, 'login');
  else add(address.split('@', 1)[0]!.split('+', 1)[0]!, 'local');
  if (name.includes('@')) add(name.split('@', 1)[0]!, 'local');
  add(known.join(''), 'joined');
  return { name: nameKey(known), words: new Set(known), handles };
}

/**
 * Whether two identities may be one person: their names are equal after normalisation, or one's login equals the
 * other's name or mailbox, or their mailboxes have the same local part and their names share a word. This is a
 * suspicion only.
 */
export function isAlike(a: Traits, b: Traits): boolean {
  if (a.name !== '' && a.name === b.name) return true;
  const related = [...a.words].some((word) => b.words.has(word));
  for (const [handle, kind] of a.handles) {
    const other = b.handles.get(handle);
    if (other === undefined || (kind === 'joined' && other === 'joined')) continue;
    if (related || kind === 'login' || other === 'login') return true;
    const joined = kind === 'joined' ? a : other === 'joined' ? b : undefined;
    if (joined !== undefined && joined.words.size > 1) return true;
  }
  return false;
}

/** Drops initials between other names, and sorts: the order of names differs between countries. */
function nameKey(words: readonly string[]): string {
  const long = words.filter((word) => word.length > 1);
  return [...(long.length > 1 ? long : words)].sort().join(' ');
}

function wordsOf(text: string): readonly string[] {
  const folded = text
    .normalize('NFKD')
    // Invisible characters do not make a different name.
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .replace(WHOLE, (letter) => PLAIN[letter]!);
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
