import { ResolveField, Resolver } from '@nestjs/graphql';
import { events, NEWEST_FIRST } from '../../../projections/history/queries';
import type { Asking } from '../asking';
import { at, listing, type PageArguments, type Part, partOf } from '../listing';
import { eventView } from '../views/history';
import type { PeopleListView, RulebookView, WorkflowView } from '../views/rules';

@Resolver('Workflow')
export class WorkflowResolver {
  @ResolveField('history')
  history({ row, moment }: WorkflowView, args: PageArguments, asking: Asking) {
    const asked = at(moment, { ...args, orderBy: NEWEST_FIRST });
    return listing(asking, events, asked, eventView, { workflowId: row.workflow });
  }
}

@Resolver('Rulebook')
export class RulebookResolver {
  @ResolveField('history')
  history({ row, moment }: RulebookView, args: PageArguments, asking: Asking) {
    const asked = at(moment, { ...args, orderBy: NEWEST_FIRST });
    return listing(asking, events, asked, eventView, { rulebookId: row.rulebook });
  }

  @ResolveField('entries')
  entries({ entries }: RulebookView, args: Part) {
    return partOf(entries, args);
  }

  @ResolveField('roles')
  roles({ roles }: RulebookView, args: Part) {
    return partOf(roles, args);
  }

  @ResolveField('groups')
  groups({ groups }: RulebookView, args: Part) {
    return partOf(groups, args);
  }

  @ResolveField('editors')
  editors({ editors }: RulebookView, args: Part) {
    return partOf(editors, args);
  }

  @ResolveField('substitutions')
  substitutions({ substitutions }: RulebookView, args: Part) {
    return partOf(substitutions, args);
  }
}

@Resolver('PeopleList')
export class PeopleListResolver {
  @ResolveField('people')
  people({ people }: PeopleListView, args: Part) {
    return partOf(people, args);
  }
}
