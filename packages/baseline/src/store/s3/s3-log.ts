import { randomBytes } from 'node:crypto';
import { PerfError, messageOf, usageError } from '@perfkeel/core';
import { requireObjectKey } from '../object-key.ts';
import type { ObjectLog } from '../object-log.ts';
import { once, oneAtATime } from '../one-at-a-time.ts';
import {
  connectS3,
  deleteObject,
  honoursConditions,
  listObjects,
  objectExists,
  putObject,
  putOnce,
  readObject,
  type S3Bucket,
  type S3LogOptions,
} from './s3-objects.ts';

export type { S3LogOptions } from './s3-objects.ts';

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
  const place = (name: string): string => `s3://${bucket}/${name}`;
  const nameOf = (key: string): string => `${prefix}records/${key}`;
  const connection = once(() => connectS3(bucket, options));
  const conditional = once(async () => await honoursConditions(await connection.get(), `${prefix}probes/`));
  // Without conditional puts, at least writers of this process do not race.
  const inTurn = oneAtATime();
  const using = async <T>(verb: 'read' | 'write', work: (at: S3Bucket) => Promise<T>): Promise<T> => {
    try {
      return await work(await connection.get());
    } catch (error) {
      throw failure(verb, place(prefix), error);
    }
  };
  return {
    place: (key) => place(nameOf(key)),
    async put(key, bytes) {
      requireObjectKey(key);
      const mine = bytes.slice();
      const write = async (at: S3Bucket): Promise<'created' | 'exists'> =>
        (await objectExists(at, nameOf(key)))
          ? 'exists'
          : await putOnce(at, nameOf(key), mine, await conditional.get());
      return await inTurn(key, () => using('write', write));
    },
    async get(key) {
      requireObjectKey(key);
      return await using('read', (at) => readObject(at, nameOf(key)));
    },
    async list(wanted) {
      const start = nameOf(wanted === '' || wanted.endsWith('/') ? wanted : `${wanted}/`);
      const names = await using('read', (at) => listObjects(at, start));
      return names.map((name) => name.slice(nameOf('').length));
    },
    setAside: (key) =>
      using('write', async (at) => {
        const bytes = await readObject(at, nameOf(key));
        if (bytes === undefined) return undefined;
        const aside = `${prefix}set-aside/${key}.${randomBytes(4).toString('hex')}`;
        await putObject(at, aside, bytes);
        await deleteObject(at, nameOf(key));
        return place(aside);
      }),
    async remove(key) {
      requireObjectKey(key);
      return await using('write', async (at) => {
        if (!(await objectExists(at, nameOf(key)))) return false;
        await deleteObject(at, nameOf(key));
        return true;
      });
    },
    async close() {
      (await connection.forget())?.client.destroy();
    },
  };
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

function failure(verb: 'read' | 'write', where: string, error: unknown): PerfError {
  if (error instanceof PerfError) return error;
  return new PerfError(`cannot ${verb} the records in ${where}: ${messageOf(error)}`, {
    code: verb === 'read' ? 'store-not-readable' : 'store-not-writable',
    hint: 'Look at bucket, region, credentials (AWS_PROFILE, AWS_REGION) and AWS_ENDPOINT_URL_S3.',
    cause: error,
  });
}
