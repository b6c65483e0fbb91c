import type { Ident } from '../people/ident';
import type { Identities } from '../people/identities';
import type { Git } from '../repository/run';
import type { Difference } from '../result';

/** Checks that everybody maps to the same person as with git itself and the `.mailmap` of the tip. */
export async function comparePeople(
  git: Pick<Git, 'text' | 'shown'>,
  tip: string,
  identities: Identities,
): Promise<readonly Difference[]> {
  const people = identities.named().filter(({ name, email }) => email !== '' && !/[<>\n\0]/.test(name + email));
  if (people.length === 0) return [];
  const command = ['-c', `mailmap.blob=${tip}:.mailmap`, 'check-mailmap', '--stdin'];
  const asked = people.map(shown);
  const answers = (await git.text(command, `${asked.join('\n')}\n`)).split('\n');
  return people.flatMap((who, index) => {
    const [said = '', ours] = [answers[index], shown(identities.proper(who))];
    const row = { what: `the person ${asked[index]}`, git: said, events: ours, command: git.shown(command) };
    return said === ours ? [] : [row];
  });
}

function shown({ name, email }: Ident): string {
  return name === '' ? `<${email}>` : `${name} <${email}>`;
}
