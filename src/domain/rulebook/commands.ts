import { Allow } from 'class-validator';
import { actor, actors, distinct, instant, list, note, part, uuid } from '../fields';
import { optional } from '../input';
import { Scope } from '../scope';
import { MOST_EDITORS, MOST_ENTRIES, MOST_PEOPLE_LISTS, PeopleList, RulebookEntry } from './parts';

const people = distinct<PeopleList>(MOST_PEOPLE_LISTS, part(PeopleList), ({ name }) => name);

abstract class OnRulebook {
  @uuid('rulebook') readonly rulebook!: string;
}

/** The rulebook as it is from now on, whole: what is left out no longer applies. Substitutes stay as they are. */
export class ReviseRulebook extends OnRulebook {
  @Allow() readonly type = 'ReviseRulebook';
  @list(MOST_ENTRIES, part(RulebookEntry)) readonly entries!: readonly RulebookEntry[];
  @optional(people) readonly roles?: readonly PeopleList[];
  @optional(people) readonly groups?: readonly PeopleList[];
  /** Who may change the rulebook and the workflows; where nobody is named, everybody with the role for it. */
  @optional(actors(MOST_EDITORS)) readonly editors?: readonly string[];
  @optional(note) readonly note?: string;
}

/** Somebody decides instead of a person from an instant on, until another. */
export class NameSubstitute extends OnRulebook {
  @Allow() readonly type = 'NameSubstitute';
  /** Default: whoever issues the command. Only an editor can name a substitute for another person. */
  @optional(actor) readonly person?: string;
  @actor readonly substitute!: string;
  @instant readonly from!: string;
  @instant readonly until!: string;
  /** Default: for everything. */
  @optional(part(Scope)) readonly scope?: Scope;
}

export class EndSubstitution extends OnRulebook {
  @Allow() readonly type = 'EndSubstitution';
  @uuid('substitution') readonly substitution!: string;
}
