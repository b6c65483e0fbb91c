import type { Organisation } from './organisation';
import { Random } from './random';

/** Purpose of the random sequence for names of people; no other part of the simulation uses it. */
const PURPOSE = -2;

/** First and last names are combined at random. None of them names a real person. */
const FIRST = (
  'Aino Bastien Chiara Daniel Elif Femke Gustav Hana Ines Jonas Kofi Leila Mateus Noor Oskar Priya Quentin ' +
  'Rosa Sven Tomasz Ulla Vera Wim Yara Zoltan'
).split(' ');
const LAST = (
  'Almeida Bergström Conti Dubois Eriksen Farkas Grabowski Haddad Ito Jansen Kowal Lindqvist Mensah Novak ' +
  'Okafor Pereira Quist Rossi Sharma Tanaka Ulrich Vermeer Weber Yilmaz Zeller'
).split(' ');

/** Actor id → display name of every person of the organisation; the same seed gives the same names. */
export function namesOf({ seed, makers, managers, approvers }: Organisation): ReadonlyMap<string, string> {
  const random = new Random(seed, PURPOSE);
  const people = [...makers, ...managers, ...approvers];
  // Every combination occurs once in this order, so no name is used twice before all are used up.
  const start = random.whole(0, FIRST.length * LAST.length - 1);
  const names = people.map(({ id }, index): [string, string] => {
    const place = start + index;
    const first = FIRST[place % FIRST.length]!;
    const last = LAST[(place + Math.floor(place / FIRST.length)) % LAST.length]!;
    return [id, `${first} ${last}`];
  });
  return new Map(names);
}
