import type { EventOf, Lift, Relying } from './event';

/** Everything the program knows of one event type; `D` is the shape of its data as it is written today. */
interface EventDefinition<D> {
  /** An act came through our door and was gated; a report says what happened elsewhere. */
  readonly source: 'act' | 'report';
  /** What it means to the business, in one sentence. */
  readonly meaning: string;
  /** How data of version 1 become version 2, those of 2 become 3, and so on. Today's version is one more than there are. */
  readonly lifts: readonly Lift[];
  /** Never there: it carries the type. */
  readonly data?: D;
}

interface History {
  readonly lifts?: readonly Lift[];
}

export function act<D>(meaning: string, { lifts = [] }: History = {}): EventDefinition<D> {
  return { source: 'act', meaning, lifts };
}

export function report<D>(meaning: string, { lifts = [] }: History = {}): EventDefinition<D> {
  return { source: 'report', meaning, lifts };
}

export type Definitions = { readonly [type: string]: EventDefinition<unknown> };

type InCategory<C extends string, T extends Definitions> = { readonly [K in keyof T]: T[K] & { readonly category: C } };

/** The events of one decider, in streams of one category. */
export function eventsOf<const C extends string, T extends Definitions>(category: C, definitions: T): InCategory<C, T> {
  const entries = Object.entries(definitions).map(([type, definition]) => [type, { ...definition, category }]);
  return Object.fromEntries(entries) as InCategory<C, T>;
}

/** The events that these definitions describe. */
export type EventsIn<T extends Definitions> = {
  readonly [K in keyof T & string]: EventOf<K, NonNullable<T[K]['data']> & Relying>;
}[keyof T & string];
