import DataLoader from 'dataloader';
import { actorsById } from '../../projections/actors/queries';
import type { ActorRow } from '../../projections/actors/tables';
import { approvalsById, liveApprovals } from '../../projections/approvals/queries';
import type { LedgerRow } from '../../projections/approvals/tables';
import { runningOf } from '../../projections/archive/queries';
import { campaignsById, tallies } from '../../projections/campaigns/queries';
import type { CampaignRow, TallyRow } from '../../projections/campaigns/tables';
import { contentsOf } from '../../projections/contents/queries';
import type { ContentsRow } from '../../projections/contents/tables';
import { eventsByPosition } from '../../projections/history/queries';
import type { HistoryRow } from '../../projections/history/tables';
import { assetsById, details, metadataOf, versionsByNumber } from '../../projections/library/queries';
import type { AssetRow, DetailRow, FieldRow, VersionRow } from '../../projections/library/tables';
import { derivativesOf } from '../../projections/lineage/queries';
import { placementsById } from '../../projections/placements/queries';
import type { PlacementRow } from '../../projections/placements/tables';
import { reviewsById } from '../../projections/reviews/queries';
import type { ReviewRow } from '../../projections/reviews/tables';
import { rulebooksById, workflowsById } from '../../projections/rules/queries';
import type { RulebookRow, WorkflowRow } from '../../projections/rules/tables';
import { type Uses, usesOf } from '../../projections/signals/queries';
import type { Recorded } from '../domain/catalogue';
import { upcast } from '../domain/upcast';
import { eventsAt, type Place } from '../store/places';
import type { At, ProjectionReader } from '../tables/reader';
import type { ApiDependencies } from './dependencies';
import { momentSuffix } from './ids';

type Batch<V> = (reader: ProjectionReader, ids: readonly string[], at?: At) => Promise<readonly V[]>;

/**
 * A moment within one request, with a loader for each kind of referenced object: twenty assets request their twenty
 * versions at once.
 */
export class Moment {
  constructor(
    readonly door: ApiDependencies,
    readonly at: At | undefined,
    /** What is read here includes everything up to this position. */
    readonly computedAt: string,
    /** Waits until a projection contains the event at hand, if that is not certain. */
    readonly settled: (projection: string) => Promise<void> = async () => undefined,
    private readonly actors = actorsIn(door),
  ) {}

  /** The global id of an object in this answer: of its present state, or as of this moment. */
  idOf(id: string): string {
    return `${id}${momentSuffix(this.at)}`;
  }

  reader(projection: string): ProjectionReader {
    return this.door.runtime.reader(projection);
  }

  readonly #loaders = new Map<string, DataLoader<string, unknown>>();

  /** Loads by id: requests made at once under one name are read in one batch. */
  load<V>(name: string, projection: string, batch: Batch<V>, id: string): Promise<V> {
    let loader = this.#loaders.get(name);
    if (loader === undefined) {
      loader = new DataLoader(async (ids) => batch(this.reader(projection), ids, this.at), { maxBatchSize: 1000 });
      this.#loaders.set(name, loader);
    }
    return loader.load(id) as Promise<V>;
  }

  readonly #reads = new Map<string, Promise<unknown>>();

  /** Reads something once under its name, however often the answer shows it. */
  once<V>(name: string, read: () => Promise<V>): Promise<V> {
    const known = this.#reads.get(name) ?? read();
    this.#reads.set(name, known);
    return known as Promise<V>;
  }

  readonly #events = new DataLoader<Place, Recorded, string>(
    async (places) => (await eventsAt(this.door.store, places)).map(upcast),
    { maxBatchSize: 1000, cacheKeyFn: ({ stream, revision }) => `${revision} ${stream}` },
  );

  /** An event as stored in the log. */
  event(place: Place): Promise<Recorded> {
    return this.#events.load(place);
  }

  /** The history row of the event at a position. */
  told(position: string): Promise<HistoryRow | undefined> {
    return this.load('told', 'history', eventsByPosition, position);
  }

  asset(id: string): Promise<AssetRow | undefined> {
    return this.load('asset', 'library', assetsById, id);
  }

  detail(id: string): Promise<DetailRow | undefined> {
    return this.load('detail', 'library', details, id);
  }

  metadata(asset: string): Promise<readonly FieldRow[]> {
    return this.load('metadata', 'library', metadataOf, asset);
  }

  /** A version by number; the caller checks against the asset whether it existed at this moment. */
  version(asset: string, version: number): Promise<VersionRow | undefined> {
    return this.load('version', 'library', versionsByKey, `${asset}.${version}`);
  }

  campaign(id: string): Promise<CampaignRow | undefined> {
    return this.load('campaign', 'campaigns', campaignsById, id);
  }

  tally(id: string): Promise<TallyRow | undefined> {
    return this.load('tally', 'campaigns', tallies, id);
  }

  contents(campaign: string): Promise<ContentsRow | undefined> {
    return this.load('contents', 'contents', contentsOf, campaign);
  }

  review(id: string): Promise<ReviewRow | undefined> {
    return this.load('review', 'reviews', reviewsById, id);
  }

  workflow(id: string): Promise<WorkflowRow | undefined> {
    return this.load('workflow', 'rules', workflowsById, id);
  }

  rulebook(id: string): Promise<RulebookRow | undefined> {
    return this.load('rulebook', 'rules', rulebooksById, id);
  }

  liveApproval(asset: string): Promise<LedgerRow | undefined> {
    return this.load('liveApproval', 'approvals', liveApprovals, asset);
  }

  approval(id: string): Promise<LedgerRow | undefined> {
    return this.load('approval', 'approvals', approvalsById, id);
  }

  placement(id: string): Promise<PlacementRow | undefined> {
    return this.load('placement', 'placements', placementsById, id);
  }

  /** An actor in its present state, the same throughout the answer whatever its moment. */
  async actor(opaqueId: string): Promise<ActorRow | undefined> {
    await this.settled('actors');
    return this.actors.load(opaqueId);
  }

  /** How many placements currently use this content. */
  running(digest: string): Promise<number> {
    return this.load('running', 'archive', runningOf, digest);
  }

  uses(asset: string): Promise<Uses> {
    return this.load('uses', 'signals', usesOf, asset);
  }

  derivatives(asset: string): Promise<number> {
    return this.load('derivatives', 'lineage', derivativesOf, asset);
  }
}

/** Loads actors, shared by all moments of a request. */
export function actorsIn({ runtime }: ApiDependencies): DataLoader<string, ActorRow | undefined> {
  return new DataLoader((ids) => actorsById(runtime.reader('actors'), ids), { maxBatchSize: 1000 });
}

const versionsByKey: Batch<VersionRow | undefined> = (reader, keys) =>
  versionsByNumber(
    reader,
    keys.map((key) => {
      const dot = key.indexOf('.');
      return { asset: key.slice(0, dot), version: Number(key.slice(dot + 1)) };
    }),
  );
