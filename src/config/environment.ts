import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable, or the content of the file that `<name>_FILE` names. */
export function secret(environment: Environment, name: string): string | undefined {
  const [said, file] = [environment[name] || undefined, environment[`${name}_FILE`] || undefined];
  if (file === undefined) return said;
  if (said !== undefined) throw new Error(`${name} and ${name}_FILE are both set; keep one of them`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code} ${file}`);
  }
}

/** The words of a comma-separated list. */
export function wordsIn(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((word) => word.trim() || []);
}

/** Why an address with this text is not supported; it may contain a secret, so only its scheme is named. */
export function unsupported(text: string): string {
  const [scheme] = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(text) ?? [];
  return `${scheme === undefined ? 'a value without a scheme' : `the scheme "${scheme}"`} is not supported`;
}
