/** Somebody as git names them. */
export interface Ident {
  readonly name: string;
  readonly email: string;
}

/** Mailboxes that many share: there the name tells who it was. */
const SHARED = /^(no-?reply|actions|git|github|root|info|builds?|support)@|^$|@localhost$|\(none\)$/;

/** Services that commit in somebody's place (a web page's merge button, a review server). */
const SERVICES = /^(no-?reply@(github|gitlab|weblate)|gerrit-noreply@|noreply-[\w-]+@|web-?flow@)/;
const BOT_EMAILS = /\[bot\]@|(^|[-_.+\d])bot@|^(dependabot|renovate|greenkeeper|snyk-bot|github-actions|weblate)\b/;
const BOT_NAMES = /\[bot\]|(^|[\s_-])bot$|^(dependabot|renovate|greenkeeper|github[ -]actions?|weblate|travis ci)\b/i;
/** A capital B behind a small letter is a compound such as `elementaryBot`; `Abbot` is a family name. */
const COMPOUND_BOT = /[a-z]Bot$/;

/** What tells one person from another: the address, or address and name where many share the address. */
export function identityOf({ name, email }: Ident): string {
  const address = email.trim().toLowerCase();
  return SHARED.test(address) ? `${address}\n${name.trim().toLowerCase()}` : address;
}

/** True for software that acts by itself: its word is an automated check, never a person's approval. */
export function isBot(ident: Ident): boolean {
  const name = ident.name.trim();
  return BOT_NAMES.test(name) || COMPOUND_BOT.test(name) || BOT_EMAILS.test(ident.email.trim().toLowerCase());
}

/** True for a service in whose name somebody else acted. */
export function isService(ident: Ident): boolean {
  return isBot(ident) || SERVICES.test(ident.email.trim().toLowerCase());
}

/** `Ada Lovelace <ada@example.org>`; without an address the whole text is the name. Undefined where nothing is left. */
export function identIn(text: string): Ident | undefined {
  const match = /^\s*(.*?)\s*<([^<>]*)>/.exec(text);
  const name = (match?.[1] ?? text).trim().replace(/^"(.*)"$/, '$1');
  const email = (match?.[2] ?? '').trim();
  return name === '' && email === '' ? undefined : { name: name === '' ? email : name, email };
}
