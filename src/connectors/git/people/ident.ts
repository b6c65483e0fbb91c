/** A person as git, or a line of a commit message, names them. */
export interface Ident {
  readonly name: string;
  /** Empty where only a name or a login is known. */
  readonly email: string;
  /** Where a name without an address means something: the host of the review, or the repository. */
  readonly scope?: string | undefined;
}

/** Mailboxes that many share: there the name tells who it was. */
const SHARED = /^(no-?reply|actions|git|github|root|info|builds?|support)@|^$|@localhost$|\(none\)$/;

/** Services that commit for a person (a web page's merge button, a review server). */
const SERVICES = /^(no-?reply@(github|gitlab|weblate)|gerrit-noreply@|noreply-[\w-]+@|web-?flow@)/;
const BOT_EMAILS = /\[bot\]@|(^|[-_.+\d])bot@|^(dependabot|renovate|greenkeeper|snyk-bot|github-actions|weblate)\b/;
const BOT_NAMES = /\[bot\]|(^|[\s_-])bot$|^(dependabot|renovate|greenkeeper|github[ -]actions?|weblate|travis ci)\b/i;
/** A capital B behind a small letter is a compound such as `elementaryBot`; `Abbot` is a family name. */
const COMPOUND_BOT = /[a-z]Bot$/;

/** What tells one person from another: the address, or address and name where many share the address. */
export function identityOf({ name, email, scope }: Ident): string {
  const address = email.trim().toLowerCase();
  if (address === '' && scope !== undefined) return `${scope}\n${name.trim().toLowerCase()}`;
  return SHARED.test(address) ? `${address}\n${name.trim().toLowerCase()}` : address;
}

/** True for software that acts by itself: its word is an automated check, never a person's approval. */
export function isBot(ident: Ident): boolean {
  const name = ident.name.trim();
  return BOT_NAMES.test(name) || COMPOUND_BOT.test(name) || BOT_EMAILS.test(ident.email.trim().toLowerCase());
}

/** True for a service that commits for a person. */
export function isService(ident: Ident): boolean {
  return isBot(ident) || SERVICES.test(ident.email.trim().toLowerCase());
}

/** `Ada Lovelace <ada@example.org>`; without an address the whole text is the name. Undefined where nothing is left. */
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
