import { acts } from './acting';
import { ask, lastWritten } from './api';
import { fill, h } from './dom';
import { tell, type View } from './library';
import { hrefOf, listOf, type Place } from './place';
import {
  ASSET,
  type AssetDetail,
  type HistoryEntry,
  type LedgerEntry,
  type MetadataEntry,
  nameOf,
  type Opened,
  type PlacementEntry,
  pointOf,
  type Readiness,
} from './questions';
import { showPair, sideBySide } from './versions';
import { counted, day, moment, word } from './words';

/** One asset: its versions side by side, its decisions, and its history. */
export function assetView(go: (place: Place, replace?: boolean) => void): View {
  let asking = new AbortController();
  let shown: string | undefined;
  const element = h('article', { class: 'asset' });
  const title = h('h1', { tabindex: -1 });
  const under = h('p', { class: 'under', role: 'status' });
  const doing = h('div', {});
  const pair = h('div', {});
  const sections = h('div', { class: 'sections' });
  const back = h('a', { class: 'back' }, '← Library');
  fill(element, back, title, under, doing, pair, sections);

  const show = async (place: Place): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    back.href = hrefOf(listOf(place));
    try {
      const variables = { id: place.asset, at: pointOf(place.at), waitFor: lastWritten() };
      const opened = await ask<Opened>(ASSET, variables, asking.signal);
      const { asset } = opened;
      // The past is looked at; what is done is done now.
      fill(doing, place.at === undefined ? acts(opened, () => void show(place)) : null);
      if (asset === null) {
        fill(title, place.at === undefined ? 'There is no such asset' : 'It was not there yet');
        fill(under, place.at === undefined ? '' : `As of ${moment(place.at)} nobody had registered this asset.`);
        fill(pair);
        fill(sections);
      } else {
        fill(title, asset.title);
        fill(under, ...underTitle(asset, place));
        showPair(
          pair,
          sideBySide(asset, place, (chosen) => go({ ...place, ...chosen }, true)),
        );
        fill(sections, ...sectionsOf(asset, place));
      }
      document.title = `${title.textContent} – Palimpsest`;
      if (shown !== place.asset) title.focus();
      shown = place.asset;
    } catch (error) {
      tell(under, error);
    }
  };
  return { element, show };
}

function underTitle({ kind, status, tags, registeredBy, registeredAt }: AssetDetail, { at }: Place): Node[] {
  const when = at === undefined ? '' : ` As of ${moment(at)}.`;
  return [
    h('span', { class: `badge ${status}` }, word(status)),
    h('span', {}, `${word(kind)}, registered by ${nameOf(registeredBy)} on ${day(registeredAt)}.${when}`),
    ...tags.map((tag) => h('span', { class: 'tag' }, tag)),
  ];
}

function sectionsOf(asset: AssetDetail, place: Place): HTMLElement[] {
  const { approvals, history, placements, metadata } = asset;
  return [
    section('Approvals and decisions', list(approvals.nodes, decided, 'Nobody has decided on it.')),
    section('Channels', list(asset.channelReadiness, readiness, 'There are no channel profiles.')),
    section('Placements', list(placements.nodes, placed, 'It has run nowhere.')),
    section('Metadata', metadata.nodes.length === 0 ? h('p', { class: 'empty' }, 'None.') : fields(metadata.nodes)),
    section(
      `History, ${counted(history.totalCount, 'event')}`,
      list(history.nodes, (entry) => happened(entry, place), 'Nothing happened.'),
    ),
  ];
}

function section(title: string, ...content: HTMLElement[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...content);
}

function list<T>(entries: readonly T[], row: (entry: T) => readonly (Node | string)[], none: string): HTMLElement {
  if (entries.length === 0) return h('p', { class: 'empty' }, none);
  return h('ol', { class: 'entries' }, ...entries.map((entry) => h('li', {}, ...row(entry))));
}

function decided(entry: LedgerEntry): (Node | string)[] {
  const { __typename: kind, version, occurredAt, actor, decision, role, note, decidedBy, live, lapse } = entry;
  const time = h('time', { datetime: occurredAt }, moment(occurredAt));
  if (kind === 'Approval') {
    const people = (decidedBy ?? []).map(nameOf).join(' and ');
    const end = lapse ? ` It ended on ${moment(lapse.occurredAt)}: ${word(lapse.reason).toLowerCase()}.` : '';
    const badge = h(
      'span',
      { class: `badge ${live ? 'APPROVED' : ''}` },
      live ? 'Approval, in force' : 'Approval, ended',
    );
    return [badge, h('span', {}, `Version ${version}, by ${people}.${end}`), time];
  }
  const where = kind === 'Attestation' ? ', as reported from elsewhere' : '';
  const said = note ? ` “${note}”` : '';
  return [
    h('span', { class: 'badge' }, word(decision ?? '')),
    h('span', {}, `Version ${version}, by ${nameOf(actor)} (${role})${where}.${said}`),
    time,
  ];
}

/** A history entry links to the moment just after it. */
function happened({ sentence, occurredAt }: HistoryEntry, place: Place): (Node | string)[] {
  const there = hrefOf({ ...place, at: occurredAt });
  const isHere = place.at === occurredAt;
  return [
    h('span', {}, sentence),
    h(
      'a',
      { href: there, ...(isHere ? { 'aria-current': 'true' } : {}) },
      h('time', { datetime: occurredAt }, moment(occurredAt)),
    ),
  ];
}

function readiness({ profile, state, reason, url, width, height }: Readiness): (Node | string)[] {
  const badge = h('span', { class: `badge ${state === 'READY' ? 'APPROVED' : ''}` }, word(state));
  const size = width && height ? `${width} × ${height}` : '';
  const what = [profile, size].filter(Boolean).join(', ');
  return [badge, url === null ? h('span', {}, `${what}. ${reason ?? ''}`) : h('a', { href: url, download: '' }, what)];
}

function placed({ version, channel, market, startedAt, endedAt, campaign }: PlacementEntry): (Node | string)[] {
  const where = [campaign?.name ?? 'an unknown campaign', channel, market].filter(Boolean).join(', ');
  const until = endedAt === null ? 'running' : `until ${day(endedAt)}`;
  return [
    h('span', { class: `badge ${endedAt === null ? 'APPROVED' : ''}` }, endedAt === null ? 'Live' : 'Ended'),
    h('span', {}, `${version === null ? 'Other content' : `Version ${version}`} in ${where}, ${until}.`),
    h('time', { datetime: startedAt }, day(startedAt)),
  ];
}

function fields(entries: readonly MetadataEntry[]): HTMLElement {
  const value = ({ text, number, boolean, list: several }: MetadataEntry): string =>
    text ?? several?.join(', ') ?? String(number ?? boolean ?? '');
  return h(
    'dl',
    { class: 'fields' },
    ...entries.flatMap((entry) => [
      h('dt', {}, entry.name, entry.material ? h('span', { class: 'tag' }, 'material') : null),
      h('dd', {}, value(entry)),
    ]),
  );
}
