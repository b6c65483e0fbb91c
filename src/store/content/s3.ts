import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkedStream, falseAnswer } from './checkedstream';
import { asContentFault, ContentMissing, ContentUnavailable } from './contentfaults';
import {
  type ContentStore,
  checkDigest,
  checkProfile,
  checkStretch,
  type Kept,
  type Listed,
  type Stored,
  type Stretch,
  type Wish,
} from './contentstore';
import { intoFile } from './intake';
import { asS3Fault, isNotThere } from './s3faults';

/** A bucket in an object store. */
export interface S3Place {
  readonly bucket: string;
  /** Prefix of every key; empty or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  /** A server other than Amazon's, such as MinIO. */
  readonly endpoint?: string | undefined;
  /** `https://server/bucket/key` instead of `https://bucket.server/key`. */
  readonly pathStyle: boolean;
  /** Default: as the library finds them, in the environment, a profile, or the machine's role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** A local directory for incomplete files. */
  readonly incoming: string;
}

/** Milliseconds. */
export interface S3Patience {
  readonly connect: number;
  /** Until the answer begins. */
  readonly answer: number;
  /** Between two chunks of an answer. */
  readonly silence: number;
}

const PATIENCE: S3Patience = { connect: 3_000, answer: 20_000, silence: 20_000 };
const TRIES = 3;
/** Objects up to this size are sent in one request; larger ones in parts of at least this size. */
const PART = 8 * 1024 * 1024;
/** An object has at most 10,000 parts. */
const MOST_PARTS = 9_000;
const PARTS_AT_ONCE = 2;

type Module = typeof import('@aws-sdk/client-s3');

/** Content in a bucket: `<prefix>sha256/<digest>`, and `<prefix>derived/<digest>/<profile>`. Contacts no server yet. */
export function openContentBucket(place: S3Place, patience: Partial<S3Patience> = {}): ContentStore {
  return new ContentBucket(place, { ...PATIENCE, ...patience });
}

class ContentBucket implements ContentStore {
  readonly place: string;
  private connected: Promise<readonly [Module, S3Client]> | undefined;

  constructor(
    private readonly at: S3Place,
    private readonly patience: S3Patience,
  ) {
    this.place = `bucket ${at.bucket}${at.endpoint === undefined ? '' : ` at ${new URL(at.endpoint).host}`}`;
  }

  async put(source: AsyncIterable<Uint8Array>, wish?: Wish): Promise<Stored> {
    const file = join(await this.incoming(), randomBytes(16).toString('hex'));
    try {
      return await this.take(file, await intoFile(file, source, wish));
    } catch (error) {
      await rm(file, { force: true });
      throw asContentFault(error, this.at.incoming);
    }
  }

  async take(file: string, kept: Kept): Promise<Stored> {
    const there = await this.size(kept.digest);
    await this.asked(async (s3, client) => {
      if (kept.bytes <= PART) await this.sendWhole(s3, client, file, kept);
      else await this.sendParts(client, file, kept);
    });
    const now = await this.size(kept.digest);
    if (now !== kept.bytes) throw falseAnswer(`${now ?? 'no'} bytes where ${kept.bytes} were written`);
    await rm(file, { force: true });
    return { ...kept, fresh: there !== kept.bytes };
  }

  async incoming(): Promise<string> {
    try {
      await mkdir(this.at.incoming, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw asContentFault(error, this.at.incoming);
    }
    return this.at.incoming;
  }

  async size(digest: string): Promise<number | undefined> {
    const key = this.keyOf(digest);
    return this.asked(async (s3, client) => {
      try {
        const { ContentLength } = await client.send(new s3.HeadObjectCommand({ Bucket: this.at.bucket, Key: key }));
        return ContentLength ?? 0;
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw error;
      }
    });
  }

  async open(digest: string, stretch?: Stretch): Promise<Readable> {
    const key = this.keyOf(digest);
    const bytes = await this.size(digest);
    if (bytes === undefined) throw new ContentMissing(digest);
    if (stretch !== undefined) checkStretch(bytes, stretch);
    return this.asked(async (s3, client) => {
      const { start, end } = stretch ?? { start: 0, end: bytes - 1 };
      const Range = stretch === undefined ? undefined : `bytes=${start}-${end}`;
      const got = await client
        .send(new s3.GetObjectCommand({ Bucket: this.at.bucket, Key: key, ...(Range && { Range }) }))
        .catch((error: unknown) => {
          throw isNotThere(error) ? new ContentMissing(digest) : error;
        });
      const whole = stretch === undefined ? digest : undefined;
      return checkedStream(got.Body as Readable, { digest: whole, bytes: end - start + 1 }, this.patience.silence);
    });
  }

  async *list(after = ''): AsyncGenerator<Listed> {
    const top = `${this.at.prefix}sha256/`;
    for await (const { key, bytes, since } of this.keys(top, `${top}${after}`)) {
      const digest = key.slice(top.length);
      if (/^[0-9a-f]{64}$/.test(digest)) yield { digest, bytes, since };
    }
  }

  async delete(digest: string): Promise<boolean> {
    const there = (await this.size(digest)) !== undefined;
    const keys = there ? [this.keyOf(digest)] : [];
    for await (const { key } of this.keys(`${this.at.prefix}derived/${digest}/`)) keys.push(key);
    for (const Key of keys) {
      await this.asked((s3, client) => client.send(new s3.DeleteObjectCommand({ Bucket: this.at.bucket, Key })));
    }
    return there;
  }

  async file(digest: string): Promise<undefined> {
    checkDigest(digest);
  }

  async derived(digest: string, profile: string): Promise<Buffer | undefined> {
    const Key = this.derivedKey(digest, profile);
    return this.asked(async (s3, client) => {
      try {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: this.at.bucket, Key }));
        return Buffer.from(await Body!.transformToByteArray());
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw error;
      }
    });
  }

  async putDerived(digest: string, profile: string, bytes: Uint8Array): Promise<void> {
    const Key = this.derivedKey(digest, profile);
    await this.asked((s3, client) =>
      client.send(new s3.PutObjectCommand({ Bucket: this.at.bucket, Key, Body: bytes, ContentLength: bytes.length })),
    );
  }

  async probe(): Promise<void> {
    await this.incoming();
    await this.asked((s3, client) => client.send(new s3.HeadBucketCommand({ Bucket: this.at.bucket })));
  }

  async close(): Promise<void> {
    if (this.connected !== undefined) (await this.connected)[1].destroy();
    this.connected = undefined;
  }

  /** Sends the digest too: a server that supports it refuses bytes that were altered in transit. */
  private async sendWhole(s3: Module, client: S3Client, file: string, kept: Kept): Promise<void> {
    const sum = Buffer.from(kept.digest, 'hex').toString('base64');
    const Body = await readFile(file);
    const sent = { Bucket: this.at.bucket, Key: this.keyOf(kept.digest), ContentLength: kept.bytes };
    const said = await client.send(new s3.PutObjectCommand({ ...sent, Body, ChecksumSHA256: sum }));
    if (said.ChecksumSHA256 !== undefined && said.ChecksumSHA256 !== sum) {
      throw falseAnswer(`the SHA-256 ${said.ChecksumSHA256} to bytes that have ${sum}`);
    }
  }

  /** Sends each part with its own SHA-256. If a part fails, the upload is aborted. */
  private async sendParts(client: S3Client, file: string, { digest, bytes }: Kept): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const partSize = Math.max(PART, Math.ceil(bytes / MOST_PARTS));
    const Body = createReadStream(file, { highWaterMark: 1024 * 1024 });
    const params = { Bucket: this.at.bucket, Key: this.keyOf(digest), Body, ChecksumAlgorithm: 'SHA256' as const };
    try {
      await new Upload({ client, params, partSize, queueSize: PARTS_AT_ONCE, leavePartsOnError: false }).done();
    } finally {
      Body.destroy();
    }
  }

  private async *keys(
    Prefix: string,
    StartAfter?: string,
  ): AsyncGenerator<{ readonly key: string; readonly bytes: number; readonly since: number }> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.asked((s3, client) =>
        client.send(
          new s3.ListObjectsV2Command({
            Bucket: this.at.bucket,
            Prefix,
            ...(ContinuationToken === undefined ? { StartAfter } : { ContinuationToken }),
          }),
        ),
      );
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        yield { key: Key!, bytes: Size ?? 0, since: LastModified?.getTime() ?? 0 };
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  private keyOf(digest: string): string {
    checkDigest(digest);
    return `${this.at.prefix}sha256/${digest}`;
  }

  private derivedKey(digest: string, profile: string): string {
    checkDigest(digest);
    checkProfile(profile);
    return `${this.at.prefix}derived/${digest}/${profile}`;
  }

  private async asked<T>(ask: (s3: Module, client: S3Client) => Promise<T>): Promise<T> {
    this.connected ??= this.connect();
    try {
      return await ask(...(await this.connected));
    } catch (error) {
      throw error instanceof ContentMissing || error instanceof ContentUnavailable
        ? error
        : asS3Fault(error, this.place);
    }
  }

  /** The library is loaded on first use, so that content in a directory does not pay for it. */
  private async connect(): Promise<readonly [Module, S3Client]> {
    const s3 = await import('@aws-sdk/client-s3');
    const { endpoint, region, pathStyle, credentials } = this.at;
    const client = new s3.S3Client({
      region,
      forcePathStyle: pathStyle,
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
      maxAttempts: TRIES,
      requestHandler: {
        connectionTimeout: this.patience.connect,
        requestTimeout: this.patience.answer,
        throwOnRequestTimeout: true,
      },
      // We name the checksums to send; servers other than Amazon's may not support the library's defaults.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return [s3, client];
  }
}
