import { createHash } from 'node:crypto';
import { asset, content, intent, NOW, store, uuid } from '../../test/support/acting';
import { createExecute } from './execute';

/** The command hash of older programs: of the JSON with the keys of every object sorted. */
function hashOf(command: object): string {
  const text = JSON.stringify(command, (_name, member) =>
    typeof member === 'object' && member !== null
      ? Object.fromEntries(Object.entries(member).sort(([one], [two]) => (one < two ? -1 : 1)))
      : member,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

it('recognises a version recorded by an older program, with the content inline in the command', async () => {
  const execute = createExecute({ store, clock: () => NOW, random: () => 0 });
  const registered = await execute(
    intent({ type: 'RegisterAsset', asset, kind: 'image', title: 'T' }, { commandId: uuid('first') }),
  );
  if (!registered.ok) throw new Error(registered.refusal.code);
  const commandHash = hashOf({ type: 'AddVersion', asset, ...content(1) });
  const metadata = { ...registered.events[0]!.metadata, commandId: uuid('second'), commandHash };
  const data = { version: 1, ...content(1) };
  await store.append(registered.stream, 0, [{ id: uuid('event'), type: 'VersionAdded', data, metadata }]);
  const again = await execute(
    intent({ type: 'AddVersion', asset, content: content(1) }, { commandId: uuid('second') }),
  );
  expect(again).toMatchObject({ ok: true, repeated: true, revision: 1 });
  const other = await execute(
    intent({ type: 'AddVersion', asset, content: content(2) }, { commandId: uuid('second') }),
  );
  expect(other).toMatchObject({ ok: false, refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } });
});
