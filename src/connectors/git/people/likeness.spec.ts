import { isAlike, traitsOf } from './likeness';

const alike = (a: [string, string, string?], b: [string, string, string?]) => {
  const [one, other] = [a, b].map(([name, email, scope]) => traitsOf({ name, email, scope }));
  const both = [isAlike(one!, other!), isAlike(other!, one!)];
  expect(both[0]).toBe(both[1]);
  return both[0];
};

describe('two addresses may be one person', () => {
  it.each([
    ['the same name', ['Ada Lovelace', 'ada@x.example'], ['Ada Lovelace', 'al@home.example']],
    ['the same name in another case and spacing', ['ADA  Lovelace', 'a1@x.example'], ['Ada Lovelace', 'a2@y.example']],
    ['the same name without its accents', ['Zoë Løve', 'a1@x.example'], ['Zoe Love', 'a2@y.example']],
    ['the same name in another order', ['Lovelace, Ada', 'a1@x.example'], ['Ada Lovelace', 'a2@y.example']],
    ['the same name with characters that are not seen', ['B\u200ben\u2060 I\u00adnk', 'a1@x'], ['Ben Ink', 'a2@y']],
    ['the same name with an initial', ['Ada B. Lovelace', 'a1@x.example'], ['Ada Lovelace', 'a2@y.example']],
    ['one mailbox name and a name in common', ['Ada', 'ada.l@x.example'], ['Ada Lovelace', 'adal@y.example']],
    ['a login that is the other’s mailbox', ['ink', '12+bink@users.noreply.github.com'], ['Ben', 'b.ink@x.example']],
    [
      'a login that is the other’s name',
      ['x', 'adalovelace@users.noreply.github.com'],
      ['Ada Lovelace', 'q@y.example'],
    ],
    ['a reviewer’s login and a mailbox', ['ben', '', 'review.x.example'], ['Benjamin Ink', 'ben@x.example']],
    ['a mailbox with a mark', ['Ada', 'ada+icons@x.example'], ['ada l', 'ada@y.example']],
    ['a name in another script', ['山田太郎', 'a1@x.example'], ['山田太郎', 'a2@y.example']],
  ] as const)('%s', (_why, a, b) => expect(alike([...a], [...b])).toBe(true));

  it.each([
    ['different people', ['Ada Lovelace', 'ada@x.example'], ['Ben Ink', 'ben@x.example']],
    ['one given name', ['Ada Lovelace', 'al@x.example'], ['Ada Byron', 'ab@x.example']],
    ['one mailbox name and nothing else', ['Ben Ink', 'b@x.example'], ['Cleo Proof', 'b@y.example']],
    ['a shared kind of mailbox', ['Ben Ink', 'info@x.example'], ['Ben Proof', 'info@y.example']],
    ['no names', ['', 'a@x.example'], ['', 'b@y.example']],
  ] as const)('but not with %s', (_why, a, b) => expect(alike([...a], [...b])).toBe(false));
});
