import { resolve } from 'node:path';
import type { S3Place } from '../store/content/s3';
import { type Environment, secret } from './environment';

/** Where the bytes of versions are stored: in a directory or in an object store. */
export type ContentPlace =
  | { readonly adapter: 'directory'; readonly root: string }
  | { readonly adapter: 's3'; readonly place: S3Place };

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^([\w.-]+\/)*[\w.-]*$/;

/**
 * The content store that the environment names in `PALIMPSEST_CONTENT`: `directory:<path>` or `s3://bucket/prefix`.
 * Throws an Error that names the variable and repeats no secret.
 */
export function contentOfEnvironment(environment: Environment, dataDir: string): ContentPlace {
  const text = environment.PALIMPSEST_CONTENT || undefined;
  if (text === undefined) return { adapter: 'directory', root: resolve(dataDir, 'content') };
  if (text.startsWith('directory:') && text.length > 'directory:'.length) {
    return { adapter: 'directory', root: resolve(text.slice('directory:'.length)) };
  }
  if (!text.startsWith('s3://'))
    throw new Error('PALIMPSEST_CONTENT must be directory:<path> or s3://<bucket>/<prefix>');
  const [bucket = '', ...rest] = text.slice('s3://'.length).split('/');
  const prefix = rest.join('/');
  if (!BUCKET.test(bucket)) throw new Error('PALIMPSEST_CONTENT must name a bucket: s3://<bucket>/<prefix>');
  if (!PREFIX.test(prefix) || prefix.split('/').some((part) => /^\.+$/.test(part))) {
    throw new Error('PALIMPSEST_CONTENT must have a prefix of letters, digits, -, _, dots and single slashes');
  }
  const endpoint = endpointOf(environment.PALIMPSEST_CONTENT_ENDPOINT || undefined);
  return {
    adapter: 's3',
    place: {
      bucket,
      prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
      region: environment.PALIMPSEST_CONTENT_REGION || 'us-east-1',
      endpoint,
      pathStyle: endpoint !== undefined,
      credentials: credentialsOf(environment),
      incoming: resolve(dataDir, 'content', 'incoming'),
    },
  };
}

/** Where content is stored, without secrets. */
export function printableContent(content: ContentPlace): string {
  if (content.adapter === 'directory') return `directory:${content.root}`;
  const { bucket, prefix, endpoint, region } = content.place;
  return `s3://${bucket}/${prefix} ${endpoint === undefined ? `in ${region}` : `at ${endpoint}`}`;
}

function endpointOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new Error('PALIMPSEST_CONTENT_ENDPOINT must be a URL without a path: https://objects.example.org');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error('PALIMPSEST_CONTENT_ENDPOINT must not carry a user name or password');
  }
  return url.origin;
}

function credentialsOf(environment: Environment): S3Place['credentials'] {
  const accessKeyId = environment.PALIMPSEST_CONTENT_ACCESS_KEY || undefined;
  const secretAccessKey = secret(environment, 'PALIMPSEST_CONTENT_SECRET_KEY');
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined) throw new Error('PALIMPSEST_CONTENT_ACCESS_KEY is needed with the secret key');
  if (secretAccessKey === undefined) {
    throw new Error(
      'PALIMPSEST_CONTENT_SECRET_KEY or PALIMPSEST_CONTENT_SECRET_KEY_FILE is needed with the access key',
    );
  }
  return { accessKeyId, secretAccessKey };
}
