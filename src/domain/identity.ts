const PLAIN = /^[a-z0-9._:@/+-]*$/;
const INVISIBLE = /[\p{Cc}\p{Cf}]+/gu;

/**
 * The form in which ids of actors are compared: two spellings that a person, or the tool that wrote them, takes for one id
 * are equal in it. Unicode compatibility form, no invisible characters, single blanks and none at the ends, one case. Ids
 * are recorded and shown as they were given; a log may hold any spelling.
 */
export function canonicalId(id: string): string {
  if (PLAIN.test(id)) return id;
  const visible = id.normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
  // By way of upper case, since `ß`, `ſ` and the two small sigmas have one upper case each.
  return visible.toUpperCase().toLowerCase().normalize('NFKC');
}
