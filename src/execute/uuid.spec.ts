import fc from 'fast-check';
import { v5 } from 'uuid';
import { nameUuid } from './uuid';

test('a name in a name space always has the UUID the standard gives it', () => {
  const law = fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (name, namespace) => {
    expect(nameUuid(name, namespace)).toBe(v5(name, namespace));
  });
  fc.assert(law);
});

test('the example of the standard comes out as printed there', () => {
  expect(nameUuid('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});
