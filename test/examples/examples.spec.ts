import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, EVENT_TYPES, type EventType } from '../../src/domain/catalogue';
import { deciderOfStream } from '../../src/domain/deciders';
import type { RecordedEvent } from '../../src/domain/event';
import { checkJson } from '../../src/domain/json';
import { upcast, versionOf } from '../../src/domain/upcast';

/**
 * One event of every type and schema version, as it once stood in a log. They are frozen: a log that was ever written
 * must be readable for ever. A new shape gets a new file; none is edited.
 */
const FOLDER = join(__dirname, 'events');
const files = readdirSync(FOLDER).sort();
const read = (file: string): RecordedEvent => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));

it('has an example of every schema version of every event type in the catalogue, and of no other', () => {
  const known = EVENT_TYPES.flatMap((type) =>
    Array.from({ length: Number(versionOf(type)) }, (_, index) => `${type}.v${index + 1}`),
  );
  const shown = files.map((file) => file.split('.').slice(0, 2).join('.'));
  expect([...new Set(shown)].sort()).toEqual(known.sort());
  for (const file of files) {
    const { type, metadata } = read(file);
    expect(file.startsWith(`${type}.v${metadata.schemaVersion}.`)).toBe(true);
  }
});

it('gives each example its own id and position, as in one log', () => {
  for (const name of ['id', 'position'] as const) {
    const values = files.map((file) => read(file)[name]);
    expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
  }
});

it.each(files)('%s is an event as the store returns it', (file) => {
  const example = read(file);
  expect(Object.keys(example).sort()).toEqual(
    ['data', 'id', 'metadata', 'position', 'recordedAt', 'revision', 'stream', 'type'].sort(),
  );
  expect(example.stream).toMatch(new RegExp(`^${CATALOGUE[example.type as EventType].category}-[0-9a-f-]{36}$`));
  expect(checkJson(example.data)).toBeUndefined();
  for (const value of Object.values(example.metadata)) expect(typeof value).toBe('string');
});

it.each(files)('%s can still be read today', (file) => {
  const example = upcast(read(file));
  expect(example.metadata.schemaVersion).toBe(versionOf(example.type));
  const decider = deciderOfStream(example.stream)!;
  expect(decider.evolve(decider.initial, example)).toEqual(expect.any(Object));
});

it('forms one consistent story when the examples are read in order', () => {
  const story = files.map((file) => upcast(read(file))).sort((a, b) => (a.position < b.position ? -1 : 1));
  const states = new Map<string, unknown>();
  for (const event of story) {
    const decider = deciderOfStream(event.stream)!;
    states.set(event.stream, decider.evolve(states.get(event.stream) ?? decider.initial, event));
  }
  const standings = [...states].map(([stream, state]) => deciderOfStream(stream)?.standing(state));
  expect(standings).toContainEqual(expect.objectContaining({ status: 'ended' }));
  expect(standings).toContainEqual(expect.objectContaining({ status: 'draft', versions: 1 }));
});
