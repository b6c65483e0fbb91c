import type { Category } from './catalogue';

/** A stream is named by its category and the id of what it is about: `asset-<uuid>`. */
export function streamOf(category: Category, id: string): string {
  return `${category}-${id}`;
}

export function categoryOf(stream: string): string {
  return stream.slice(0, Math.max(0, stream.indexOf('-')));
}

/** The id in the name of a stream. */
export function subjectIn(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
