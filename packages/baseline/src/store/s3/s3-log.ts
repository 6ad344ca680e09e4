import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { PerfError, messageOf, usageError } from '@perfkeel/core';
import { requireObjectKey } from '../object-key.ts';
import type { ObjectLog } from '../object-log.ts';
import { loadPeer } from '../optional-peer.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

export interface S3LogOptions {
  /** A server other than that of Amazon; `AWS_ENDPOINT_URL_S3` does the same. */
  readonly endpoint?: string | undefined;
  /** @default AWS_REGION, else us-east-1 */
  readonly region?: string | undefined;
  /** @default what the SDK finds in the environment, in files or on the machine */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const records = 'records/';

/**
 * Records in a bucket of S3, or of a server that speaks like it. Needs the package `@aws-sdk/client-s3`, which is loaded
 * at the first call.
 *
 * A key is written once by a conditional put. Servers that know none are found out by a probe; there, of two writers of
 * one key at the same instant the later wins, which is harmless where the key says what the content is, as it does in
 * every record of a `runStore`.
 *
 * @param url `s3://bucket/prefix`
 */
export function s3Log(url: string, options: S3LogOptions = {}): ObjectLog {
  const { bucket, prefix } = partsOf(url);
  const place = (key: string): string => `s3://${bucket}/${prefix}${records}${key}`;
  const nameOf = (key: string): string => `${prefix}${records}${key}`;
  let opened: Promise<Open> | undefined;
  const open = (): Promise<Open> => (opened ??= connect(options).catch(forget));
  const forget = (error: unknown): never => {
    opened = undefined;
    throw error;
  };
  let conditional: Promise<boolean> | undefined;
  const queues = new Map<string, Promise<unknown>>();

  /** One at a time for each key: without conditional puts, at least writers of this process do not race. */
  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(key) ?? Promise.resolve()).catch(() => undefined).then(work);
    queues.set(key, turn);
    try {
      return await turn;
    } finally {
      if (queues.get(key) === turn) queues.delete(key);
    }
  }

  const using = async <T>(verb: 'read' | 'write', work: (open: Open) => Promise<T>): Promise<T> => {
    try {
      return await work(await open());
    } catch (error) {
      throw failure(verb, `s3://${bucket}/${prefix}`, error);
    }
  };

  async function exists({ sdk, client }: Open, name: string): Promise<boolean> {
    try {
      await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: name }));
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  /** Whether the server refuses a put that must not overwrite. Asked once for each process. */
  async function honoursConditions({ sdk, client }: Open): Promise<boolean> {
    const name = `${prefix}probes/${randomBytes(8).toString('hex')}`;
    const put = (): Promise<unknown> =>
      client.send(
        new sdk.PutObjectCommand({ Bucket: bucket, Key: name, Body: '', ContentLength: 0, IfNoneMatch: '*' }),
      );
    try {
      await put();
      return await put().then(
        () => false,
        (error: unknown) => (statusOf(error) === 412 ? true : false),
      );
    } catch (error) {
      // Some refuse the header itself.
      if ([400, 501].includes(statusOf(error) ?? 0)) return false;
      throw error;
    } finally {
      await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: name })).catch(() => undefined);
    }
  }

  async function write(to: Open, name: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    if (await exists(to, name)) return 'exists';
    const careful = await (conditional ??= honoursConditions(to).catch((error: unknown) => {
      conditional = undefined;
      throw error;
    }));
    const body = {
      Bucket: bucket,
      Key: name,
      Body: bytes,
      ContentLength: bytes.length,
      ContentType: 'application/json',
    };
    for (let attempt = 0; ; attempt++) {
      try {
        await to.client.send(new to.sdk.PutObjectCommand(careful ? { ...body, IfNoneMatch: '*' } : body));
        return 'created';
      } catch (error) {
        if (statusOf(error) === 412) return 'exists';
        // Another conditional put of this key was under way.
        if (statusOf(error) !== 409 || attempt >= 5) throw error;
        await sleep(Math.random() * 50 * 2 ** attempt);
      }
    }
  }

  async function read({ sdk, client }: Open, name: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: name }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  return {
    place,
    async put(key, bytes) {
      requireObjectKey(key);
      const mine = bytes.slice();
      return await inTurn(key, () => using('write', (to) => write(to, nameOf(key), mine)));
    },
    async get(key) {
      requireObjectKey(key);
      return await using('read', (from) => read(from, nameOf(key)));
    },
    async list(wanted) {
      const start = nameOf(wanted === '' || wanted.endsWith('/') ? wanted : `${wanted}/`);
      return await using('read', async ({ sdk, client }) => {
        const keys: string[] = [];
        const pages = sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: start });
        for await (const { Contents = [] } of pages) {
          for (const { Key = '' } of Contents) keys.push(Key.slice(nameOf('').length));
        }
        return keys.sort();
      });
    },
    async setAside(key) {
      return await using('write', async (to) => {
        const bytes = await read(to, nameOf(key));
        if (bytes === undefined) return undefined;
        const aside = `${prefix}set-aside/${key}.${randomBytes(4).toString('hex')}`;
        await to.client.send(
          new to.sdk.PutObjectCommand({ Bucket: bucket, Key: aside, Body: bytes, ContentLength: bytes.length }),
        );
        await to.client.send(new to.sdk.DeleteObjectCommand({ Bucket: bucket, Key: nameOf(key) }));
        return `s3://${bucket}/${aside}`;
      });
    },
    async remove(key) {
      requireObjectKey(key);
      return await using('write', async (to) => {
        if (!(await exists(to, nameOf(key)))) return false;
        await to.client.send(new to.sdk.DeleteObjectCommand({ Bucket: bucket, Key: nameOf(key) }));
        return true;
      });
    },
    async close() {
      const ending = opened;
      opened = undefined;
      (await ending)?.client.destroy();
    },
  };
}

interface Open {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

async function connect({ endpoint, region, credentials }: S3LogOptions): Promise<Open> {
  const sdk = await loadPeer('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const other = endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const client = new sdk.S3Client({
    region: region ?? process.env['AWS_REGION'] ?? 'us-east-1',
    // Other servers have no host name for each bucket, and not all know the checksums that Amazon added.
    ...(other === undefined
      ? {}
      : {
          endpoint: other,
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED' as const,
          responseChecksumValidation: 'WHEN_REQUIRED' as const,
        }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return { sdk, client };
}

function partsOf(url: string): { bucket: string; prefix: string } {
  const [, bucket = '', path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.=/-]*))?$/i.exec(url) ?? [];
  const prefix = path.replace(/^\/+|\/+$/g, '');
  if (bucket !== '' && !prefix.split('/').some((name) => name === '..' || name === '.')) {
    return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
  }
  throw usageError(`${JSON.stringify(url)} is not a place in S3`, {
    code: 'bad-store',
    hint: 'Write "store": "s3://bucket/prefix".',
  });
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

function failure(verb: 'read' | 'write', where: string, error: unknown): PerfError {
  if (error instanceof PerfError) return error;
  return new PerfError(`cannot ${verb} the records in ${where}: ${messageOf(error)}`, {
    code: verb === 'read' ? 'store-not-readable' : 'store-not-writable',
    hint: 'Look at bucket, region, credentials (AWS_PROFILE, AWS_REGION) and AWS_ENDPOINT_URL_S3.',
    cause: error,
  });
}
