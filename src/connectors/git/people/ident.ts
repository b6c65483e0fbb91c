/** A person as named by git or by a line of a commit message. */
export interface Ident {
  readonly name: string;
  /** Empty if only a name or a login is known. */
  readonly email: string;
  /** The scope in which a name without an address is unique: the host of the review, or the repository. */
  readonly scope?: string | undefined;
}

/** Shared mailboxes: there only the name identifies the person. */
const SHARED = /^(no-?reply|actions|git|github|root|info|builds?|support)@|^$|@localhost$|\(none\)$/;

/** Services that commit on behalf of a person (a web page's merge button, a review server). */
const SERVICES = /^(no-?reply@(github|gitlab|weblate)|gerrit-noreply@|noreply-[\w-]+@|web-?flow@)/;
const BOT_EMAILS = /\[bot\]@|(^|[-_.+\d])bot@|^(dependabot|renovate|greenkeeper|snyk-bot|github-actions|weblate)\b/;
const BOT_NAMES = /\[bot\]|(^|[\s_-])bot$|^(dependabot|renovate|greenkeeper|github[ -]actions?|weblate|travis ci)\b/i;
/** A capital B after a lower-case letter marks a compound such as `elementaryBot`; `Abbot` is a family name. */
const COMPOUND_BOT = /[a-z]Bot$/;

/** Distinguishes people: by address, or by address and name if many share the address. */
export function identityOf({ name, email, scope }: Ident): string {
  const address = email.trim().toLowerCase();
  if (address === '' && scope !== undefined) return `${scope}\n${name.trim().toLowerCase()}`;
  return SHARED.test(address) ? `${address}\n${name.trim().toLowerCase()}` : address;
}

/** True for software that acts by itself: its review is an automated check, never a person's approval. */
export function isBot(ident: Ident): boolean {
  const name = ident.name.trim();
  return BOT_NAMES.test(name) || COMPOUND_BOT.test(name) || BOT_EMAILS.test(ident.email.trim().toLowerCase());
}

/** True for a service that commits on behalf of a person. */
export function isService(ident: Ident): boolean {
  return isBot(ident) || SERVICES.test(ident.email.trim().toLowerCase());
}

/** `Ada Lovelace <ada@example.org>`; without an address the whole text is the name. Undefined if nothing is left. */
export function identIn(text: string): Ident | undefined {
  const open = text.indexOf('<');
  const close = open === -1 ? -1 : text.indexOf('>', open);
  const name = unquoted((close === -1 ? text : text.slice(0, open)).trim());
  const email = close === -1 ? '' : text.slice(open + 1, close).trim();
  return name === '' && email === '' ? undefined : { name: name === '' ? email : name, email };
}

export function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}
