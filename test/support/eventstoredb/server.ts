import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server as NetServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { Appending, systemEvent } from './append';
import { handleBatchAppend } from './batch';
import { selfSigned } from './certificate';
import { handleFeatures, handleGossip } from './cluster';
import { RecentWrites } from './decide';
import { openDoor } from './door';
import { Faults } from './faults';
import { httpServer } from './http';
import { Log } from './log';
import { EnforcedAccess, everybody, Users } from './rights';
import { handleAppend, handleDelete, handleRead, handleTombstone, type Server } from './service';

export interface FarEndOptions {
  /** A log shared with other servers, or used before; by default a new one. */
  readonly log?: Log;
  /** With TLS, users and rights; otherwise plain, and everybody may do everything. */
  readonly secure?: boolean;
}

/** A server that speaks the protocol of EventStoreDB in this process. */
export interface FarEnd {
  /** The connection string; for a secure server without a user. */
  readonly url: string;
  readonly port: number;
  readonly log: Log;
  readonly faults: Faults;
  /** The connection string for a user of a secure server. */
  urlOf(user: string, password: string): string;
  /** Stops at once, as when the process is killed: every connection ends. The log stays. */
  stop(): Promise<void>;
  /** Listens again on the same port, with the same log; volatile state is lost. */
  start(): Promise<void>;
}

/** The largest message a server accepts, in bytes. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;

export async function startFarEnd({ log = freshLog(), secure = false }: FarEndOptions = {}): Promise<FarEnd> {
  const recent = new RecentWrites();
  const sockets = new Set<Socket>();
  const cut = () => {
    for (const socket of sockets) {
      if (secure) socket.destroy();
      else socket.resetAndDestroy();
    }
  };
  const faults = new Faults(cut);
  const users = secure ? new Users() : undefined;
  const access = users ? new EnforcedAccess(log, users) : everybody;
  const certificate = secure ? selfSigned() : undefined;
  const folder = certificate && mkdtempSync(join(tmpdir(), 'palimpsest-far-end-'));
  const server: Server = { log, appending: new Appending(log, recent), faults, access };
  let port = 0;
  let running: { readonly door: NetServer; readonly grpc: GrpcServer } | undefined;
  const start = async () => {
    // A client needs the trusted certificate in a file.
    if (folder) mkdirSync(folder, { recursive: true });
    if (folder) writeFileSync(join(folder, 'ca.pem'), certificate.certificate);
    const grpc = grpcServer(server, () => port);
    const wires = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    const door = openDoor(wires, httpServer(users), certificate, sockets);
    await new Promise<void>((resolve, reject) => {
      door.once('error', reject);
      door.listen(port, '127.0.0.1', resolve);
    });
    port = (door.address() as { port: number }).port;
    running = { door, grpc };
  };
  const stop = async () => {
    if (!running) return;
    const { door, grpc } = running;
    running = undefined;
    const closed = new Promise((resolve) => door.close(resolve));
    cut();
    grpc.forceShutdown();
    recent.forget();
    await closed;
    if (folder) rmSync(folder, { recursive: true });
  };
  await start();
  const at = (who: string) =>
    folder
      ? `esdb://${who}127.0.0.1:${port}?tls=true&tlsCAFile=${join(folder, 'ca.pem')}`
      : `esdb://${who}127.0.0.1:${port}?tls=false`;
  const urlOf = (user: string, password: string) => at(`${user}:${encodeURIComponent(password)}@`);
  return { url: at(''), urlOf, port, log, faults, start, stop };
}

function grpcServer(server: Server, port: () => number): GrpcServer {
  const grpc = new GrpcServer({ 'grpc.max_receive_message_length': LARGEST_MESSAGE });
  const asIs = (frame: Buffer) => frame;
  const read = { ...StreamsService.read, responseSerialize: asIs, responseDeserialize: asIs };
  grpc.addService(
    { ...StreamsService, read },
    {
      read: handleRead(server),
      append: handleAppend(server),
      batchAppend: handleBatchAppend(server),
      delete: handleDelete(server),
      tombstone: handleTombstone(server),
    },
  );
  grpc.addService(ServerFeaturesService, { getSupportedMethods: handleFeatures(server.faults) });
  grpc.addService(GossipService, { read: handleGossip(server.faults, port) });
  return grpc;
}

/** A new store contains system events. */
function freshLog(): Log {
  const log = new Log();
  const about = (stream: string, type: string, data: unknown) =>
    log.write(stream, [systemEvent(type, JSON.stringify(data))]);
  about('$$$settings', '$metadata', { $maxCount: 1 });
  about('$$$users', '$metadata', { $acl: { $w: '$admins', $d: '$admins', $mw: '$admins' } });
  about('$$$scavenges', '$metadata', { $maxAge: 2_592_000 });
  for (const user of ['admin', 'ops']) {
    about(`$user-${user}`, '$UserCreated', { loginName: user, groups: [user === 'admin' ? '$admins' : '$ops'] });
    about(`$$$user-${user}`, '$metadata', { $acl: { $w: '$admins' } });
    about('$users', '$User', user);
  }
  return log;
}
