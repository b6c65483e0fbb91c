import type { Category } from './catalogue';

/** A stream is named by its category and the id of what it is about: `asset-<uuid>`. */
export function streamOf(category: Category, id: string): string {
  return `${category}-${id}`;
}

export function categoryOf(stream: string): string {
  return stream.slice(0, Math.max(0, stream.indexOf('-')));
}

/** Whoever folds an event asks for its subject more than once. */
const last = { stream: '', id: '' };

/** The id in the name of a stream. */
export function subjectIn(stream: string): string {
  if (stream !== last.stream) {
    last.stream = stream;
    last.id = stream.slice(stream.indexOf('-') + 1);
  }
  return last.id;
}

/** The id of a content: the first half of its SHA-256, written as a UUID. So every door finds it without asking. */
export function contentOf(digest: string): string {
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ].join('-');
}
