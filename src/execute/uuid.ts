import { hash } from 'node:crypto';

const VERSION = 5;

/**
 * The name-based UUID (RFC 9562, version 5) of a name in a name space that is a UUID itself. Commands and events each
 * have one, and this takes half the time of a library that also reads what is no UUID.
 */
export function nameUuid(name: string, namespace: string): string {
  const named = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const digest = hash('sha1', Buffer.concat([named, Buffer.from(name, 'utf8')]), 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  const third = `${VERSION}${digest.slice(13, 16)}`;
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${third}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
