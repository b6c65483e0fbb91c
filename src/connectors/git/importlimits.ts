import { InputRefused } from '../recording/failure';

const GIB = 1024 ** 3;

/** Limits on what is read from one repository, each with the risk it prevents. `--limit NAME=NUMBER` overrides one. */
export const LIMITS = {
  references: 100_000,
  commits: 1_000_000,
  'commit-bytes': 1024 ** 2,
  'file-versions': 5_000_000,
  'file-bytes': 2 * GIB,
  'total-bytes': 64 * GIB,
} as const;

export type LimitName = keyof typeof LIMITS;
export type Limits = Readonly<Record<LimitName, number>>;

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: GIB };

/** Parses `NAME=NUMBER` from the command line; a number of bytes may end in KiB, MiB or GiB. Throws InputRefused. */
export function limitsOf(given: readonly string[]): Limits {
  const limits: Record<LimitName, number> = { ...LIMITS };
  for (const text of given) {
    const [, name = '', number = '', unit = ''] = /^([a-z-]+)=(\d{1,15})(KiB|MiB|GiB)?$/.exec(text) ?? [];
    if (!Object.hasOwn(LIMITS, name)) {
      throw new InputRefused(
        `--limit takes NAME=NUMBER, such as file-bytes=8GiB, not "${text}"; names: ${Object.keys(LIMITS).join(', ')}`,
      );
    }
    if (unit !== '' && !name.endsWith('-bytes')) {
      throw new InputRefused(`--limit ${name} counts no bytes: give a number without ${unit}, not "${text}"`);
    }
    limits[name as LimitName] = Number(number) * UNITS[unit]!;
  }
  return limits;
}

/** The refusal of a repository that exceeds a limit. */
export function overLimit(what: string, name: LimitName, { [name]: most }: Limits, advice = ''): InputRefused {
  return new InputRefused(
    `${what}, more than the limit ${name}=${most}; nothing was imported. Raise it with --limit ${name}=NUMBER${advice}`,
  );
}
