/** A fenced block of a Markdown file. */
export interface Block {
  /** The info string of the fence: a language and further words. */
  readonly info: readonly string[];
  readonly text: string;
  /** Line of the fence, from 1. */
  readonly line: number;
}

/** A query in the README and the answer printed under it. */
export interface Question {
  readonly line: number;
  /** The persona that sends it: the word after `graphql`. */
  readonly persona: string;
  readonly query: string;
  readonly answer: unknown;
}

export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { info: readonly string[]; line: number; text: string[] } | undefined;
  markdown.split('\n').forEach((line, index) => {
    if (!line.startsWith('```')) {
      open?.text.push(line);
    } else if (open === undefined) {
      open = { info: line.slice(3).trim().split(/\s+/), line: index + 1, text: [] };
    } else {
      blocks.push({ info: open.info, line: open.line, text: open.text.join('\n') });
      open = undefined;
    }
  });
  return blocks;
}

/** Every block marked `graphql <persona>`, with the `json` block that must follow it. */
export function questionsOf(markdown: string): readonly Question[] {
  const blocks = blocksOf(markdown);
  return blocks.flatMap(({ info: [language, persona], text, line }, index) => {
    if (language !== 'graphql') return [];
    const answer = blocks[index + 1];
    if (persona === undefined) throw new Error(`line ${line}: a query names the persona that asks it`);
    if (answer?.info[0] !== 'json') throw new Error(`line ${line}: a query is followed by its answer`);
    return [{ line, persona, query: text, answer: JSON.parse(answer.text) as unknown }];
  });
}

/** Every command line of the `sh` blocks, without the prompt. */
export function commandsOf(markdown: string): readonly string[] {
  return blocksOf(markdown)
    .filter(({ info }) => info[0] === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.trim() !== '');
}

/** First cells of the rows of the table whose header begins with this word, without code marks. */
export function firstColumn(markdown: string, head: string): readonly string[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  if (start < 0) throw new Error(`there is no table of ${head}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end < 0 ? undefined : end).map((row) =>
    row
      .split(/(?<!\\)\|/)[1]!
      .replaceAll('`', '')
      .trim(),
  );
}
