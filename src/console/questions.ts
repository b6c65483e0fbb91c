/** The queries of this page, which any frontend may send. */
export interface Actor {
  readonly id: string;
  readonly name: string | null;
}

export interface VersionFacts {
  readonly number: number;
  readonly digest: string;
  readonly bytes: string;
  readonly mediaType: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly note: string | null;
  readonly occurredAt: string;
  readonly author: Actor;
  readonly madeWith: { readonly tool: string; readonly toolVersion: string | null; readonly ai: string };
  readonly content: {
    readonly thumbnail: { readonly url: string };
    /** Leads to the bytes; null where they are not here. Absent in the library. */
    readonly url?: string | null;
    readonly facts?: Readonly<Record<string, string | number | boolean | null>> | null;
  };
}

export interface Card {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly status: string;
  readonly versionCount: number;
  readonly livePlacements: number;
  readonly changedAt: string;
  readonly currentVersion: Pick<VersionFacts, 'number' | 'mediaType' | 'content'> | null;
}

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface Library {
  readonly viewer: { readonly may: Readonly<Record<string, boolean>> };
  readonly assets: {
    readonly totalCount: number;
    readonly pageInfo: PageInfo;
    readonly nodes: readonly Card[];
  };
}

export const LIBRARY = `query Library(
  $filter: AssetFilter, $orderBy: AssetOrder, $first: Int, $after: String, $at: PointInTime, $waitFor: Position
) {
  viewer { may { assetRegister } }
  assets(filter: $filter, orderBy: $orderBy, first: $first, after: $after, at: $at, waitFor: $waitFor) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id title kind status versionCount livePlacements changedAt
      currentVersion { number mediaType content { thumbnail(width: 400) { url } } }
    }
  }
}`;

export const BEGINNING = `query Beginning { history(first: 1, orderBy: { by: OCCURRED }) { nodes { occurredAt } } }`;

export interface Beginning {
  readonly history: { readonly nodes: readonly { readonly occurredAt: string }[] };
}

export interface LedgerEntry {
  readonly __typename: 'Approval' | 'Decision' | 'Attestation';
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly occurredAt: string;
  readonly actor: Actor;
  readonly decision?: string;
  readonly role?: string;
  readonly note?: string | null;
  readonly decidedBy?: readonly Actor[];
  readonly live?: boolean;
  readonly lapse?: { readonly reason: string; readonly occurredAt: string } | null;
}

export interface HistoryEntry {
  readonly id: string;
  readonly sentence: string;
  readonly occurredAt: string;
}

export interface PlacementEntry {
  readonly id: string;
  readonly version: number | null;
  readonly channel: string;
  readonly market: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly campaign: { readonly name: string } | null;
}

export interface MetadataEntry {
  readonly name: string;
  readonly material: boolean;
  readonly text: string | null;
  readonly number: number | null;
  readonly boolean: boolean | null;
  readonly list: readonly string[] | null;
}

export interface AssetDetail {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly versionCount: number;
  readonly registeredAt: string;
  readonly registeredBy: Actor;
  readonly versions: { readonly nodes: readonly VersionFacts[] };
  readonly approvals: { readonly nodes: readonly LedgerEntry[] };
  readonly history: { readonly totalCount: number; readonly nodes: readonly HistoryEntry[] };
  readonly placements: { readonly nodes: readonly PlacementEntry[] };
  readonly metadata: { readonly nodes: readonly MetadataEntry[] };
  readonly channelReadiness: readonly Readiness[];
}

export interface Readiness {
  readonly profile: string;
  readonly state: string;
  readonly reason: string | null;
  readonly url: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface Opened {
  readonly asset: AssetDetail | null;
  readonly viewer: { readonly may: Readonly<Record<string, boolean>> };
}

export const ASSET = `query Asset($id: ID!, $at: PointInTime, $waitFor: Position) {
  viewer { may { assetRequestReview assetRecordDecision } }
  asset(id: $id, at: $at, waitFor: $waitFor) {
    id title kind status tags versionCount registeredAt
    registeredBy { id name }
    versions(first: 50) {
      nodes {
        number digest bytes mediaType width height note occurredAt
        author { id name }
        madeWith { tool toolVersion ai }
        content {
          thumbnail(width: 1600) { url }
          url(disposition: ATTACHMENT)
          facts { creator credit copyright usageTerms digitalSource aiSystem c2pa animated pages }
        }
      }
    }
    approvals(first: 50) {
      nodes {
        __typename id version digest occurredAt
        actor { id name }
        ... on Decision { decision role note }
        ... on Attestation { decision role }
        ... on Approval { live lapse { reason occurredAt } decidedBy { id name } }
      }
    }
    history(first: 50) { totalCount nodes { id sentence occurredAt } }
    placements(first: 20) { nodes { id version channel market startedAt endedAt campaign { name } } }
    channelReadiness { profile state reason url width height }
    metadata(first: 50) { nodes { name material text number boolean list(first: 20) } }
  }
}`;

export const pointOf = (at: string | undefined): object | undefined =>
  at === undefined ? undefined : { occurredAt: at };

export const nameOf = ({ id, name }: Actor): string => name ?? id.replace(/^actor-/, '');
