import { FINE, type InputFault, limit, wrong } from '../input';
import { LANGUAGES_OF_THREE } from './languagesofthree';
import { LANGUAGES_OF_TWO, REGIONS, SCRIPTS, VARIANTS } from './languagesubtags';

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

interface Registry {
  readonly languages: ReadonlySet<string>;
  readonly scripts: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  readonly variants: ReadonlySet<string>;
}

let registry: Registry | undefined;

/** Made once it is needed: it has eight thousand languages. */
function registered(): Registry {
  registry ??= {
    languages: new Set([...wordsOf(LANGUAGES_OF_TWO), ...(LANGUAGES_OF_THREE.replace(/\s/g, '').match(/.{3}/g) ?? [])]),
    scripts: wordsOf(SCRIPTS),
    regions: wordsOf(REGIONS),
    variants: wordsOf(VARIANTS),
  };
  return registry;
}

/** A BCP 47 tag in its canonical spelling: `zh-hans-cn` is `zh-Hans-CN`, `iw` is `he`; undefined where it is none. */
export function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** Why a text is no language tag made of registered subtags; undefined where it is one. */
export function languageFault(tag: unknown): string | undefined {
  const canonical = typeof tag === 'string' ? canonicalLanguage(tag) : undefined;
  if (canonical === undefined) return 'must be a language tag of BCP 47, such as de or zh-Hans-CN';
  const [language = '', ...rest] = canonical.split('-');
  const { languages, scripts, regions, variants } = registered();
  if (!languages.has(language)) return `${language} is no registered language`;
  for (const subtag of rest) {
    if (subtag.length === 1) return `must not have an extension, as -${subtag}- begins one`;
    const isKnown =
      scripts.has(subtag) || regions.has(subtag) || variants.has(subtag.toLowerCase()) || variants.has(subtag);
    if (!isKnown) return `${subtag} is no registered script, region or variant`;
  }
  return undefined;
}

/** A language in which content is used or may be used. */
export const language = limit('language', (value): readonly InputFault[] => {
  const fault = languageFault(value);
  return fault === undefined ? FINE : wrong(fault);
});

/** Basic filtering of RFC 4647: `de` takes `de-AT`, and not the other way round. Both are canonical. */
export function isInRange(tag: string, range: string): boolean {
  return tag === range || tag.startsWith(`${range}-`);
}

/** Languages that are allowed; undefined where all are. */
export type Languages = readonly string[] | undefined;

/** Without a language, something is allowed only where all are. */
export function allowsLanguage(languages: Languages, tag: string | undefined): boolean {
  if (languages === undefined) return true;
  return tag !== undefined && languages.some((range) => isInRange(tag, range));
}

/** What is allowed by both. */
export function commonLanguages(one: Languages, other: Languages): Languages {
  if (one === undefined) return other;
  if (other === undefined) return one;
  const inside = (tags: readonly string[], of: readonly string[]) => tags.filter((tag) => allowsLanguage(of, tag));
  return [...new Set([...inside(one, other), ...inside(other, one)])];
}
