import { tmpdir } from 'node:os';
import { loadConfig } from '../../config/config';
import { examine } from './doctor';

/** Nothing listens on the discard port. */
const NOWHERE = '127.0.0.1:9';

describe('doctor, with an unreachable server', () => {
  test('gives separate advice for the store and for the tables', async () => {
    const environment = {
      PALIMPSEST_EVENTS: `esdb://${NOWHERE}?tls=false`,
      PALIMPSEST_TABLES: `postgres://palimpsest:hidden@${NOWHERE}/palimpsest`,
    };
    const checks = await examine(loadConfig({ data: tmpdir() }, environment));
    const bad = new Map(checks.filter(({ ok }) => !ok).map((check) => [check.name, check]));
    expect(bad.get('event store')?.advice).toMatch(/^Check that EventStoreDB .*PALIMPSEST_EVENTS/);
    expect(bad.get('tables')).toMatchObject({
      detail: expect.stringContaining('ECONNREFUSED'),
      advice: expect.stringMatching(/^Check that PostgreSQL .*PALIMPSEST_TABLES/),
    });
    expect(JSON.stringify(checks)).not.toContain('hidden');
  });
});
