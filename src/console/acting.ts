import { perform } from './api';
import { h } from './dom';
import { tell } from './library';
import type { Opened } from './questions';

/** What the persona may do next with an asset, as buttons; what is refused is said beside them. */
export function acts({ asset, viewer }: Opened, onDone: () => void): HTMLElement | undefined {
  const [current] = asset?.versions.nodes ?? [];
  if (asset === null || current === undefined) return undefined;
  const told = h('span', { role: 'status' });
  const button = (label: string, mutation: string, input: object, quiet = false): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        ...(quiet ? { class: 'quiet' } : {}),
        onclick: () => {
          perform(mutation, { assetId: asset.id, ...input }, '').then(onDone, (error: unknown) => tell(told, error));
        },
      },
      label,
    );
  const { number: version, digest } = current;
  const decide = (label: string, decision: string, quiet = false) =>
    button(label, 'assetRecordDecision', { version, digest, decision, role: 'approver' }, quiet);
  const buttons: HTMLElement[] = [];
  if (asset.status === 'IN_REVIEW' && viewer.may.assetRecordDecision) {
    buttons.push(decide(`Approve version ${version}`, 'APPROVE'));
    buttons.push(decide('Ask for changes', 'CHANGES_REQUESTED', true), decide('Reject', 'REJECT', true));
  } else if (['DRAFT', 'CHANGES_REQUESTED', 'REJECTED'].includes(asset.status) && viewer.may.assetRequestReview) {
    buttons.push(button(`Request review of version ${version}`, 'assetRequestReview', {}));
  }
  return buttons.length === 0 ? undefined : h('div', { class: 'acts' }, ...buttons, told);
}
