/** No real message is longer; further lines are ignored. */
const MOST_LINES = 5_000;
const LONGEST_LINE = 2_000;
const LONGEST_LABEL = 40;

/** A label at the beginning of a line, in lower case with `-` between its words, and the text after its colon. */
export interface Labelled {
  readonly label: string;
  readonly value: string;
}

/** Phrases that show that the following text is about another commit. */
const QUOTED = /^original\b.{0,60}(commit|change|cl|description|message|patch|review|pr)\b.{0,40}:\s*$/i;
const PASTED = /^(commit [0-9a-f]{7,64}|squashed commit of the following:|-{3,}\s?original message\s?-{3,}.*)$/i;
const PICKED = /^\((cherry[ -]picked|back-?ported) from (upstream )?commit [0-9a-f]{7,64}/i;
/** A maintenance branch marks a commit that it took over from another branch. */
const TAKEN_OVER = /^(\[ ?upstream commit [0-9a-f]{7,64} ?\]|commit [0-9a-f]{7,64} upstream\.?)$/i;
/** A change that was reviewed, reverted and applied again: the review was of the earlier commit. */
const AGAIN = /^(\[?(reland|re-land|reapply|relanding)\b)/i;
/** ChangeLog files that became messages: a date, a name, an address, followed by indented lines. */
const CHANGELOG = /^\d{4}-\d\d-\d\d {1,4}\S.{0,100}<[^<>]{0,100}>\s*$/;
const RULE = /^-{5,}\s*$/;
const BUG = /^(bug \d+|no bug)\b/i;
const BORS = /^(auto|rollup) merge of #\d/i;
const BORS_ENTRY = /^\d{1,9}: /;

/**
 * The lines of a commit message that are about this commit. Excluded are quotations (`>`, indented, or after phrases
 * such as "Original change's description:"), the messages of commits that were squashed or cherry-picked into it, and
 * lines too long to be text. Every pattern takes linear time.
 */
export class MessageLines {
  private readonly subject: string;
  /** Includes the messages of squashed or cherry-picked commits: their contributors contributed to this one. */
  private readonly all: readonly string[];
  private readonly own: readonly string[];
  /** True if the message says that the change was reviewed as another commit. */
  readonly isOfAnother: boolean;

  constructor(message: string) {
    const lines = message.split('\n', MOST_LINES).map((line) => (line.length > LONGEST_LINE ? '' : line.trimEnd()));
    this.subject = lines[0] ?? '';
    this.all = withoutQuoted(withoutFenced(lines));
    this.isOfAnother = AGAIN.test(this.subject) || this.all.some((line) => TAKEN_OVER.test(line));
    this.own = withoutSquashed(this.subject, withoutPicked(this.all));
  }

  labelled(): Generator<Labelled> {
    return labelledIn(this.own);
  }

  /** Includes the labels of squashed or cherry-picked commits. */
  everyLabelled(): Generator<Labelled> {
    return labelledIn(this.all);
  }

  /** `Reviewed by Ben Ink.`: the names in sentences on lines of their own. */
  *sentences(): Generator<string> {
    let changelog = false;
    for (const line of this.own) {
      if (/^\S/.test(line)) changelog = CHANGELOG.test(line);
      const text = changelog ? line.trimStart() : line;
      if (/^reviewed by [^:]/i.test(text) && text.endsWith('.')) yield text.slice('reviewed by '.length, -1);
    }
  }

  /** The names in `r=ben,cleo`, if the message follows the conventions of projects that use this form. */
  *marks(): Generator<string> {
    const bracket = /^\[r=([^\]]{1,200})\]/.exec(this.subject)?.[1];
    if (bracket !== undefined) yield bracket;
    if (BUG.test(this.subject) || BORS.test(this.subject)) yield* marksIn(this.subject);
    if (/^(try )?merge #\d/i.test(this.subject)) {
      for (const line of this.own) if (BORS_ENTRY.test(line)) yield* marksIn(line);
    }
  }
}

function* labelledIn(lines: readonly string[]): Generator<Labelled> {
  for (let at = 0; at < lines.length; at += 1) {
    const found = labelIn(lines[at]!);
    if (found === undefined) continue;
    let { value } = found;
    // A list continues on the next line if it ends with a separator, and an address may be on the next line.
    while (/^\s/.test(lines[at + 1] ?? '') && (/(^|[,;])$/.test(value) || /^\s+</.test(lines[at + 1]!))) {
      at += 1;
      value = `${value} ${lines[at]!.trim()}`.trim();
      if (value.length > LONGEST_LINE) break;
    }
    yield { label: found.label, value };
  }
}

function marksIn(line: string): readonly string[] {
  const words = line.split(/\s+/).filter((word) => /^s?r=./.test(word));
  return words.map((word) => word.slice(word.indexOf('=') + 1).replace(/[.;,)\]]{1,3}$/, ''));
}

function labelIn(line: string): Labelled | undefined {
  const colon = line.slice(0, LONGEST_LABEL + 1).indexOf(':');
  if (colon === -1) {
    // GitLab and Review Board write a phrase before the URL of the page.
    const page = /^(see merge request|reviewed at) (\S+)$/i.exec(line);
    return page === null ? undefined : { label: page[1]!.toLowerCase().replaceAll(' ', '-'), value: page[2]! };
  }
  const page = /^(see merge request|reviewed at) (https?:\S+)$/i.exec(line);
  if (page !== null) return { label: page[1]!.toLowerCase().replaceAll(' ', '-'), value: page[2]! };
  const label = line.slice(0, colon).trimEnd();
  if (!/^[A-Za-z][A-Za-z -]*(\+[12])?$/.test(label)) return undefined;
  return { label: label.toLowerCase().replace(/[ -]+/g, '-'), value: line.slice(colon + 1).trim() };
}

function withoutQuoted(lines: readonly string[]): readonly string[] {
  const own: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (PASTED.test(line)) break;
    if (QUOTED.test(line)) {
      const next = lines.slice(at + 1, at + 4).find((following) => following !== '');
      // If the following lines carry no quotation mark, the end of the quotation is unknown.
      if (!next?.startsWith('>')) break;
    } else if (!line.startsWith('>')) own.push(line);
  }
  return own;
}

/** Text between lines of ``` or ~~~ is quoted. */
function withoutFenced(lines: readonly string[]): readonly string[] {
  const own: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^(```|~~~)/.exec(lines[at]!)?.[1];
    const end = fence === undefined ? -1 : lines.findIndex((line, index) => index > at && line.startsWith(fence));
    // An unclosed fence quotes nothing.
    if (fence !== undefined && end === -1) return [...own, ...lines.slice(at)];
    if (end === -1) own.push(lines[at]!);
    else at = end;
  }
  return own;
}

/** Text above the note of a cherry-pick belongs to the picked commit; the subject stays. */
function withoutPicked(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => PICKED.test(line));
  return at === -1 ? lines : [lines[0] ?? '', ...lines.slice(at + 1)];
}

/**
 * A web page that squashes a branch lists the messages of its commits as `*` items, including their trailers; its own
 * lines follow a rule.
 */
function withoutSquashed(subject: string, lines: readonly string[]): readonly string[] {
  if (!/\(#\d{1,9}\)$/.test(subject)) return lines;
  const listed = lines.some(
    (line, at) => line.startsWith('* ') && lines[at - 1] === '' && (lines[at + 1] ?? '') === '',
  );
  if (!listed) return lines;
  const rule = lines.findLastIndex((line) => RULE.test(line));
  return rule === -1 ? [subject] : [subject, ...lines.slice(rule + 1)];
}
