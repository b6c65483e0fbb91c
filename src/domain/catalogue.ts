import { ASSET_EVENTS } from './asset/events';
import { CAMPAIGN_EVENTS } from './campaign/events';
import { CONTENT_EVENTS } from './content/events';
import type { EventsIn } from './definition';
import type { RecordedEvent } from './event';
import { LICENCE_EVENTS } from './licence/events';
import { RECALL_EVENTS } from './recall/events';
import { RULEBOOK_EVENTS } from './rulebook/events';
import { WORKFLOW_EVENTS } from './workflow/events';

/** Every event type with its definition, as the deciders have it. */
export const CATALOGUE = {
  ...ASSET_EVENTS,
  ...CAMPAIGN_EVENTS,
  ...WORKFLOW_EVENTS,
  ...RULEBOOK_EVENTS,
  ...LICENCE_EVENTS,
  ...RECALL_EVENTS,
  ...CONTENT_EVENTS,
};

export type EventType = keyof typeof CATALOGUE;
export const EVENT_TYPES = Object.keys(CATALOGUE) as readonly EventType[];

/** What the name of a stream begins with. */
export type Category = (typeof CATALOGUE)[EventType]['category'];
export const CATEGORIES: readonly Category[] = [...new Set(EVENT_TYPES.map((type) => CATALOGUE[type].category))];

/** Every fact of the system. */
export type DomainEvent = EventsIn<typeof CATALOGUE>;
export type EventNamed<T extends EventType> = Extract<DomainEvent, { readonly type: T }>;
/** An event of these types as the log gives it; its `type` tells which `data` it has. */
export type Recorded<T extends EventType = EventType> = { readonly [K in T]: RecordedEvent<EventNamed<K>> }[T];
