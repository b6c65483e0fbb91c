import { asContentFault, ContentUnavailable, type Trouble } from './contentfaults';

interface ServiceError {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const BY_NAME: Readonly<Record<string, readonly [Trouble, string]>> = {
  AccessDenied: ['denied', 'access is denied'],
  InvalidAccessKeyId: ['denied', 'it does not know the access key'],
  SignatureDoesNotMatch: ['denied', 'the secret access key is not the right one'],
  CredentialsProviderError: ['denied', 'there is no access key'],
  NoSuchBucket: ['denied', 'there is no such bucket'],
  BadDigest: ['false', 'it received other bytes than were sent'],
  XAmzContentSHA256Mismatch: ['false', 'it received other bytes than were sent'],
  XMinioStorageFull: ['full', 'it is full'],
  QuotaExceeded: ['full', 'the quota is used up'],
};

/** A missing object, not a missing bucket. */
export function isNotThere(error: unknown): boolean {
  const { name, $metadata } = error as ServiceError;
  return name === 'NoSuchKey' || name === 'NotFound' || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket');
}

/** Maps every error of the client library to one of this port. */
export function asS3Fault(error: unknown, place: string): unknown {
  const { name = '', message = '', $metadata } = error as ServiceError;
  const local = asContentFault(error, place);
  if (local !== error) return local;
  const status = $metadata?.httpStatusCode;
  const [trouble, why] = BY_NAME[name] ?? byStatus(status) ?? (['unreachable', message] as const);
  return new ContentUnavailable(trouble, `the content in ${place} cannot be used: ${why}`, { cause: error });
}

function byStatus(status: number | undefined): readonly [Trouble, string] | undefined {
  if (status === 401 || status === 403) return ['denied', 'access is denied'];
  if (status === 404) return ['denied', 'there is no such bucket'];
  if (status === 507) return ['full', 'it is full'];
  if (status !== undefined && status >= 500) return ['unreachable', `it answers with the status ${status}`];
  return undefined;
}
