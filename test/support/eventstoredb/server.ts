import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { Appending, systemEvent } from './append';
import { handleBatchAppend } from './batch';
import { handleFeatures, handleGossip } from './cluster';
import { RecentWrites } from './decide';
import { Faults } from './faults';
import { Log } from './log';
import { everybody } from './rights';
import { handleAppend, handleDelete, handleRead, handleTombstone, type Server } from './service';

export interface FarEndOptions {
  /** A log that other servers have too, or had; a fresh one otherwise. */
  readonly log?: Log;
}

/** A server that speaks the protocol of EventStoreDB in this process. */
export interface FarEnd {
  /** What a client connects to. */
  readonly url: string;
  readonly port: number;
  readonly log: Log;
  readonly faults: Faults;
  /** Stops at once, as a process that is killed: every connection ends. The log stays. */
  stop(): Promise<void>;
  /** Listens again on the same port, with the same log; what was only remembered is forgotten. */
  start(): Promise<void>;
}

/** The largest message a server takes, in bytes. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;

export async function startFarEnd({ log = freshLog() }: FarEndOptions = {}): Promise<FarEnd> {
  const recent = new RecentWrites();
  const sockets = new Set<Socket>();
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const faults = new Faults(cut);
  const server: Server = { log, appending: new Appending(log, recent), faults, access: everybody };
  let port = 0;
  let running: { readonly door: NetServer; readonly grpc: GrpcServer } | undefined;
  const start = async () => {
    const grpc = grpcServer(server, () => port);
    const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    const door = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      injector.injectConnection(socket);
    });
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
  };
  await start();
  return { url: `esdb://127.0.0.1:${port}?tls=false`, port, log, faults, start, stop };
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

/** A store that was never written to holds events of its own all the same. */
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
