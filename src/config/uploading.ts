import { resolve } from 'node:path';
import type { ScannerPlace } from '../store/uploads/scanners';
import type { UploadLimits } from '../store/uploads/uploads';
import type { ContentPlace } from './contentplace';
import type { Environment } from './environment';

/** What may be uploaded, and where it grows until it is whole. */
export interface Uploading extends UploadLimits {
  readonly directory: string;
  /** Looks for malware in everything that comes in. */
  readonly scanner?: ScannerPlace | undefined;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
const KIND = /^(\*\/\*|[a-z]+\/(\*|[a-z0-9.+-]+))$/;
const HOUR = 3_600_000;

/** Throws an Error that names the variable. */
export function uploadingOfEnvironment(
  environment: Environment,
  dataDir: string,
  content: ContentPlace | undefined,
): Uploading {
  const beside = content?.adapter === 'directory' ? content.root : resolve(dataDir, 'content');
  const hours = environment.PALIMPSEST_UPLOAD_HOURS || '24';
  if (!/^[1-9]\d{0,2}$/.test(hours)) throw new Error(`PALIMPSEST_UPLOAD_HOURS must be 1 to 999 hours, not "${hours}"`);
  const kinds = (environment.PALIMPSEST_UPLOAD_KINDS || '*/*').split(',').map((kind) => kind.trim().toLowerCase());
  const wrong = kinds.find((kind) => !KIND.test(kind));
  if (wrong !== undefined) {
    throw new Error(`PALIMPSEST_UPLOAD_KINDS must be media types such as image/* and application/pdf, not "${wrong}"`);
  }
  return {
    directory: resolve(environment.PALIMPSEST_UPLOADS || resolve(beside, 'uploads')),
    bytes: bytesOf('PALIMPSEST_UPLOAD_BYTES', environment.PALIMPSEST_UPLOAD_BYTES || '2 GiB'),
    bytesPerDay: bytesOf('PALIMPSEST_UPLOAD_DAY_BYTES', environment.PALIMPSEST_UPLOAD_DAY_BYTES || '50 GiB'),
    kinds,
    lifetime: Number(hours) * HOUR,
    scanner: scannerOf(environment.PALIMPSEST_SCANNER || undefined),
  };
}

function bytesOf(name: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15}) ?(KiB|MiB|GiB|TiB|)$/.exec(text) ?? [];
  const bytes = Number(number) * UNITS[unit]!;
  if (number === '' || bytes < 1 || !Number.isSafeInteger(bytes)) {
    throw new Error(`${name} must be a number of bytes such as 2 GiB, not "${text}"`);
  }
  return bytes;
}

function scannerOf(text: string | undefined): ScannerPlace | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('command:/')) return { by: 'command', program: text.slice('command:'.length) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'clamd:' && url.hostname !== '') {
    return { by: 'clamd', host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 3310) };
  }
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return { by: 'http', url: url.href };
  }
  throw new Error('PALIMPSEST_SCANNER must be clamd://<host>:<port>, http(s)://… or command:/<path of a program>');
}
