import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { version } from '../package.json';
import { PROJECTIONS } from '../projections/all';
import { reachedFrom } from '../projections/lineage/queries';
import { isMaker } from '../projections/makers/queries';
import { placementsById, runningOf } from '../projections/placements/queries';
import * as recalled from '../projections/recalls/queries';
import { deadlineSteps } from '../projections/reviews/queries';
import { type Config, childEnvironment } from './config/config';
import { prepareDirectory, refuseSpecialFiles, refuseWhereMissing } from './config/datadirectory';
import { FaultFound, UsageError } from './config/exit';
import { createExecute } from './execute/execute';
import { reportingFixity } from './execute/fixityreports';
import { FollowingPolicies, watched } from './execute/following';
import type { Execute } from './execute/intent';
import type { WriteProbe } from './execute/probe';
import { reportingScans } from './execute/scanreports';
import { Ledger, ledgerIn } from './ledger/ledger';
import { PictureMaker } from './pictures/maker';
import { deadlines } from './policies/deadlines';
import { recalls } from './policies/recalls';
import type { Follower } from './reactions/follower';
import { openFollower, openProfiles } from './reactions/opening';
import { Picturing } from './reactions/pictures/picturing';
import type { Profile } from './reactions/renditions/profiles';
import type { ContentStore } from './store/content/contentstore';
import { openContentDirectory } from './store/content/directory';
import { openContentBucket } from './store/content/s3';
import type { Address } from './store/eventstoredb/address';
import { type Plan, type Provisioned, provision } from './store/eventstoredb/provision';
import { probeRights, type Rights } from './store/eventstoredb/rights';
import { Users } from './store/eventstoredb/users';
import type { Target } from './store/moving';
import { openPeople, type People } from './store/people';
import { openSqliteStore, openSqliteTarget } from './store/sqlite/adapter';
import type { Store } from './store/store';
import { scannerAt } from './store/uploads/scanners';
import type { Arrived } from './store/uploads/session';
import { Uploads } from './store/uploads/uploads';
import { Makers } from './tables/makers';
import { surveyTables } from './tables/opening';
import type { FoldProbe } from './tables/probe';
import { radiusBy } from './tables/radius';
import { recallingBy } from './tables/recalling';
import { createRuntime, type Runtime } from './tables/runtime';
import { note } from './telemetry/out';
import type { Telemetry } from './telemetry/telemetry';

/** Everything a door needs. */
export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly execute: Execute;
  readonly runtime: Runtime;
  /** Names of actors, which are kept outside the log. */
  readonly people: People;
  /** The bytes of versions. */
  readonly content: ContentStore;
  /** What outsiders can check of the log. Not written before `ledger.start()`. */
  readonly ledger: Ledger;
  /** Pictures of stored content. */
  readonly picturing: Picturing;
  /** Bytes on their way in. */
  readonly uploads: Uploads;
  /** What channels need of pictures. */
  readonly profiles: readonly Profile[];
  /** What happens because of events, outside the log. Nothing does before `follower.start()`. */
  readonly follower: Follower;
  /** What follows by itself: deadlines of reviews, and placements that join recalls. */
  readonly policies: FollowingPolicies;
  close(): Promise<void>;
}

export interface AppOptions {
  /** What the time is, in milliseconds since 1970. Default: the machine's clock. */
  readonly clock?: () => number;
  /** Opens the event store without writing to it; an event file must already exist. */
  readonly readOnly?: boolean;
  /** Observes acts and folds. Default: none. */
  readonly probe?: (WriteProbe & FoldProbe) | undefined;
  /** Receives faults that occur outside a fold and are retried. Default: print to standard error. */
  readonly onFault?: (fault: unknown) => void;
}

/** The telemetry the configuration asks for. Its libraries are loaded only in that case. */
export function openTelemetry({ telemetry }: Config): Telemetry | undefined {
  if (!telemetry.metrics && !telemetry.traces) return undefined;
  const { startTelemetry } = require('./telemetry/telemetry') as typeof import('./telemetry/telemetry');
  return startTelemetry(telemetry, version);
}

/** For commands that only read: throws UsageError if there is no data directory, rather than creating one. */
export function refuseMissing({ events }: Config): void {
  if (events.adapter !== 'sqlite') return;
  refuseWhereMissing(dirname(events.file));
}

/**
 * Throws UsageError if the data directory does not exist or holds special files, wherever events and tables are kept.
 */
export function refuseWrongDirectory({ dataDir }: Config): void {
  refuseWhereMissing(dataDir);
  refuseSpecialFiles(dataDir);
}

/** Opens only the event store, for commands that only read the log. Creates the data directory if it is missing. */
export async function openStore({ dataDir, events }: Config): Promise<Store> {
  prepareDirectory(dataDir);
  return events.adapter === 'sqlite' ? openSqliteStore(events.file) : onServers().openEventStoreDb(events.address);
}

/** The same without writing anything. An event file must already exist. */
export async function openStoreToRead({ events }: Config): Promise<Store> {
  return events.adapter === 'sqlite'
    ? openSqliteStore(events.file, { readOnly: true })
    : onServers().openEventStoreDb(events.address);
}

/** The source and the target of a copy. */
export interface Move {
  readonly source: Store;
  readonly target: Target;
  close(): Promise<void>;
}

/** Throws UsageError if the source does not exist; nothing is created then. */
export async function openMove(from: Config['events'], to: Config['events']): Promise<Move> {
  if (from.adapter === 'sqlite' && !existsSync(from.file)) throw new UsageError(`there is no event file ${from.file}`);
  // The target is opened first: the first connection a process makes to a server writes fastest.
  const target = await openTarget(to);
  try {
    const source =
      from.adapter === 'sqlite'
        ? openSqliteStore(from.file, { readOnly: true })
        : await onServers().openEventStoreDb(from.address);
    const close = async () => {
      await source.close();
      await target.close();
    };
    return { source, target, close };
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** Opens an event store to be filled with events that carry their own `recordedAt`. Creates whatever is missing. */
export async function openTarget(events: Config['events']): Promise<Target> {
  if (events.adapter === 'eventstoredb') return onServers().openEventStoreDbTarget(events.address);
  prepareDirectory(dirname(events.file));
  return openSqliteTarget(events.file);
}

/** Creates a writer and a reader with the least rights on a server. Idempotent. */
export async function provisionStore(address: Address, plan: Plan): Promise<Provisioned> {
  const wire = await onServers().connect({ ...address, credentials: plan.administrator });
  try {
    return await provision(wire, new Users(address, plan.administrator), plan);
  } finally {
    await wire.close();
  }
}

/** Reports what the configured user may do on a server. Changes nothing. */
export async function probeStoreRights(address: Address): Promise<Rights> {
  const wire = await onServers().connect(address);
  try {
    return await probeRights(wire, address.prefix);
  } finally {
    await wire.close();
  }
}

/** Checks that the tables are reachable. Throws TablesUnavailable if they are not. */
export function probeTables({ tables }: Config): Promise<void> {
  return surveyTables(tables, PROJECTIONS);
}

/** Loaded on demand, so that the embedded store does not pay for the server client. */
function onServers(): typeof import('./store/eventstoredb/adapter') {
  return require('./store/eventstoredb/adapter') as typeof import('./store/eventstoredb/adapter');
}

/**
 * Composes store, tables, runtime, clock and ids from the configuration. Starts nothing: the caller calls
 * `runtime.start()`.
 */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const store = await (options.readOnly ? openStoreToRead(config) : openStore(config));
  try {
    const people = await openNames(config);
    const profiles = profilesOf(config);
    const content = openContent(config);
    const maker = new PictureMaker();
    const runtime = await createRuntime({
      store,
      projections: PROJECTIONS,
      tables: config.tables,
      probe: options.probe,
      onFault: options.onFault ?? sayFault,
    });
    const table = runtime.reader('makers');
    const makers = new Makers(store, {
      position: () => table.position(),
      isMaker: (digest, ids) => isMaker(table, digest, ids),
    });
    const execute = createExecute({
      store,
      clock: options.clock ?? Date.now,
      random: Math.random,
      makers: (digest, ids) => makers.known(digest, ids),
      radius: radiusBy(store, runtime, { reachedFrom, runningOf }),
      probe: options.probe,
    });
    const { clock = Date.now, onFault = sayFault } = options;
    const steps = watched(deadlines, (now) => deadlineSteps(runtime.reader('reviews'), now));
    const news = watched(recalls, recallingBy(runtime, { reachedFrom, runningOf, placementsById, ...recalled }));
    const mayRun = () => runtime.projects;
    const policies = new FollowingPolicies({ policies: [steps, news], execute, clock, mayRun, onFault });
    const ledger = openLedger(config, store, options.onFault);
    const picturing = new Picturing(content, maker);
    const follower = openFollower({ store, execute, picturing, profiles, dataDir: config.dataDir, version, onFault });
    return {
      config,
      store,
      execute,
      runtime,
      people,
      content,
      ledger,
      picturing,
      profiles,
      follower,
      policies,
      uploads: openUploads(config, content, execute),
      close: async () => {
        await follower.stop();
        maker.close();
        await policies.close();
        await ledger.close();
        await runtime.stop();
        await content.close();
        await people.flush();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The content store. Neither reads the disk nor contacts a server yet. */
export function openContent({ content }: Pick<Config, 'content'>): ContentStore {
  return content.adapter === 'directory' ? openContentDirectory(content.root) : openContentBucket(content.place);
}

const sayFault = (fault: unknown): void => void note(fault instanceof Error ? fault.message : String(fault));

/** The channel profiles. Throws UsageError naming what is wrong with their file. */
function profilesOf({ profilesFile }: Config): readonly Profile[] {
  try {
    return openProfiles(profilesFile);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The ledger of the data directory. Nothing is written before `start`. */
export function openLedger(config: Config, store: Store, onFault: (fault: unknown) => void = sayFault): Ledger {
  const program = join(__dirname, 'sequencerthread.js');
  return new Ledger({ events: config.events, ledger: ledgerIn(config.dataDir), program, store, onFault });
}

function openUploads({ uploads }: Config, content: ContentStore, execute: Execute): Uploads {
  const { directory, scanner } = uploads;
  const scan = scanner && scannerAt(scanner, childEnvironment());
  const report = reportingFixity(execute, { place: content.place.slice(0, 200), toolVersion: version });
  const onKept = ({ digest }: Arrived) => report({ digest, outcome: 'good' });
  return new Uploads({
    directory,
    content,
    limits: uploads,
    scan,
    onScanned: reportingScans(execute, version),
    onKept,
  });
}

/** Opens the names of actors in the data directory. Throws FaultFound if the file is damaged. */
export async function openNames({ dataDir }: Pick<Config, 'dataDir'>): Promise<People> {
  try {
    return await openPeople(dataDir);
  } catch (error) {
    throw new FaultFound(
      `the names of people in ${join(dataDir, 'people.json')} cannot be read: ${(error as Error).message}`,
    );
  }
}
