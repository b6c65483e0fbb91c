import { ResolveField, Resolver } from '@nestjs/graphql';
import type { Asking } from '../asking';
import type { Moment } from '../moment';
import { type SourceView, sourceAt } from '../views/source';

@Resolver('Source')
export class SourceResolver {
  @ResolveField('toolVersion')
  async toolVersion(source: SourceView) {
    return (await source.metadata()).toolVersion;
  }

  @ResolveField('kind')
  async kind(source: SourceView) {
    return (await placeIn(source)).kind;
  }

  @ResolveField('reference')
  async reference(source: SourceView) {
    return (await placeIn(source)).reference;
  }
}

/** `git 1f2e3d4c:icons/sun.svg`: the kind of source, a space, and the reference. */
async function placeIn(source: SourceView): Promise<{ readonly kind?: string; readonly reference?: string }> {
  const { source: named } = await source.metadata();
  if (named === undefined) return {};
  const blank = named.indexOf(' ');
  return blank === -1 ? { reference: named } : { kind: named.slice(0, blank), reference: named.slice(blank + 1) };
}

/** Objects that come from one event: their source is the event's. */
export abstract class FromEvent {
  @ResolveField('source')
  source({ moment, position }: { moment: Moment; position: string }, _args: unknown, asking: Asking) {
    return sourceAt(moment, position, asking);
  }
}
