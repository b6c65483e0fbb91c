import type { Actor } from './event';
import { canonicalId } from './identity';

/**
 * Whether somebody may change the rulebook and the workflows: anybody with the role for it, until the rulebook names its
 * editors. Then only they may, in person.
 */
export function mayEdit(rulebook: { readonly editors: readonly string[] } | undefined, actor: Actor): boolean {
  const editors = rulebook?.editors ?? [];
  if (editors.length === 0) return true;
  if (actor.kind !== 'person' || actor.onBehalfOf !== undefined) return false;
  return editors.some((editor) => canonicalId(editor) === canonicalId(actor.id));
}
