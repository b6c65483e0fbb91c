import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import type { sendUnaryData } from '@grpc/grpc-js';
import type { Faults } from './faults';
import { memberId } from './service';
import { uuidOf } from './wire';

export const SERVER_VERSION = '23.10.1.0';

/** The features a server announces; a client checks them before it uses the batch path. */
const METHODS: readonly (readonly [service: string, method: string, ...features: string[]])[] = [
  ['event_store.client.streams.Streams', 'read', 'position', 'events'],
  ['event_store.client.streams.Streams', 'append'],
  ['event_store.client.streams.Streams', 'delete'],
  ['event_store.client.streams.Streams', 'tombstone'],
  ['event_store.client.streams.Streams', 'batchappend', 'deadline_duration'],
  ['event_store.client.gossip.Gossip', 'read'],
  ['event_store.client.server_features.ServerFeatures', 'getsupportedmethods'],
];

export function handleFeatures(faults: Faults) {
  return (_call: unknown, callback: sendUnaryData<SupportedMethods>): void => {
    const supported = new SupportedMethods();
    supported.setEventStoreServerVersion(SERVER_VERSION);
    for (const [service, method, ...features] of METHODS) {
      const each = new SupportedMethod();
      each.setServiceName(service);
      each.setMethodName(method);
      each.setFeaturesList(features);
      supported.addMethods(each);
    }
    const pass = () => callback(null, supported);
    faults.admit('features', false, pass, pass);
  };
}

/** The members of the cluster as this one sees them: only itself. */
export function handleGossip(faults: Faults, port: () => number) {
  return (_call: unknown, callback: sendUnaryData<ClusterInfo>): void => {
    const endpoint = new EndPoint();
    endpoint.setAddress('127.0.0.1');
    endpoint.setPort(port());
    const { FOLLOWER, LEADER } = MemberInfo.VNodeState;
    const member = new MemberInfo();
    member.setInstanceId(uuidOf(memberId));
    member.setTimeStamp(String(BigInt(Date.now()) * 10_000n));
    member.setState(faults.leadsNoMore ? FOLLOWER : LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(endpoint);
    const members = new ClusterInfo();
    members.addMembers(member);
    callback(null, members);
  };
}
