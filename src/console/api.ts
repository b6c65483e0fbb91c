export interface Persona {
  readonly role: string;
  readonly meaning: string;
  readonly token: string;
}

/** An error with a message for the user. */
export class NotAnswered extends Error {}

const CHOSEN = 'palimpsest:persona';
const ENDPOINT = '/graphql';
const personas = JSON.parse(document.getElementById('personas')?.textContent ?? '[]') as readonly Persona[];

export const everyPersona = (): readonly Persona[] => personas;

/** The current persona; the choice is shared with the query page. */
export function persona(): Persona | undefined {
  const chosen = localStorage.getItem(CHOSEN);
  return personas.find(({ role }) => role === chosen) ?? personas[0];
}

export function choosePersona(role: string): void {
  localStorage.setItem(CHOSEN, role);
}

export const authorization = (): Readonly<Record<string, string>> => {
  const token = persona()?.token;
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
  }[];
}

/** How often a query is retried while the server cannot answer yet, for instance while its tables are being built. */
const TRIES = 20;

/** Queries GraphQL like any frontend. Throws NotAnswered, or AbortError if the signal ends it. */
export async function ask<T>(query: string, variables: object = {}, signal?: AbortSignal): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    const { data, errors } = await answerTo<T>(query, variables, signal);
    const [first] = errors ?? [];
    if (first === undefined && data) return data;
    const { code, retryAfterMs } = first?.extensions ?? {};
    if (code === 'TOKEN_EXPIRED') throw new NotAnswered('The token of this page has expired: reload the page.');
    // An act carries its idempotency key, so it can be repeated too.
    if (retryAfterMs === undefined || left === 0) throw new NotAnswered(first?.message ?? 'The server gave no answer.');
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    signal?.throwIfAborted();
  }
}

async function answerTo<T>(query: string, variables: object, signal: AbortSignal | undefined): Promise<Answer<T>> {
  try {
    const response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization() },
      body: JSON.stringify({ query, variables }),
      signal: signal ?? null,
    });
    return (await response.json()) as Answer<T>;
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new NotAnswered('The server does not answer. Is it running?');
  }
}

interface Payload {
  readonly position: string | null;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

let written: string | undefined;

/** Position of the last act of this page: whoever waits for it reads what was written. */
export const lastWritten = (): string | undefined => written;

/** Executes one act and returns its payload. Throws NotAnswered if it was refused. */
export async function perform<T>(mutation: string, input: object, selection: string): Promise<T> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const act = { idempotencyKey: crypto.randomUUID() };
  const document = `mutation Act($input: ${type}!) { ${mutation}(input: $input) { position userErrors { code message } ${selection} } }`;
  const data = await ask<Record<string, T & Payload>>(document, {
    input: { act, ...input },
  });
  const payload = data[mutation]!;
  if (payload.userErrors.length > 0) throw new NotAnswered(payload.userErrors.map(({ message }) => message).join(' '));
  written = payload.position ?? written;
  return payload;
}
