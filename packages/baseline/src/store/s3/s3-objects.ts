import { randomBytes } from 'node:crypto';
import type * as S3 from '@aws-sdk/client-s3';
import { loadPeer } from '../optional-peer.ts';
import { pauseBeforeRetry } from '../pause-before-retry.ts';

export interface S3LogOptions {
  /** A server other than that of Amazon; `AWS_ENDPOINT_URL_S3` does the same. */
  readonly endpoint?: string | undefined;
  /** @default AWS_REGION, else us-east-1 */
  readonly region?: string | undefined;
  /** @default what the SDK finds in the environment, in files or on the machine */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** How long to wait for an answer before asking again, twice at most. @default 60 s */
  readonly timeoutMs?: number | undefined;
}

/** A bucket that can be talked to. */
export interface S3Bucket {
  readonly sdk: typeof S3;
  readonly client: S3.S3Client;
  readonly bucket: string;
}

export async function connectS3(
  bucket: string,
  { endpoint, region, credentials, timeoutMs = 60_000 }: S3LogOptions,
): Promise<S3Bucket> {
  const sdk = await loadPeer('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const other = endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const client = new sdk.S3Client({
    region: region ?? process.env['AWS_REGION'] ?? 'us-east-1',
    // Without them a server that never answers would hang a measurement for ever.
    requestHandler: {
      connectionTimeout: Math.min(10_000, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
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
  return { sdk, client, bucket };
}

/** The HTTP status that a server answered with. */
export const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

export async function objectExists({ sdk, client, bucket }: S3Bucket, name: string): Promise<boolean> {
  try {
    await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: name }));
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

export async function readObject({ sdk, client, bucket }: S3Bucket, name: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: name }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    // A missing bucket is a mistake, a missing object an answer.
    if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return undefined;
    throw error;
  }
}

/** Names below a prefix, in ascending order. */
export async function listObjects({ sdk, client, bucket }: S3Bucket, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key = '' } of Contents) names.push(Key);
  }
  return names.sort();
}

export async function deleteObject({ sdk, client, bucket }: S3Bucket, name: string): Promise<void> {
  await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: name }));
}

export async function putObject(
  { sdk, client, bucket }: S3Bucket,
  name: string,
  bytes: Uint8Array,
  condition: { readonly IfNoneMatch?: '*' } = {},
): Promise<void> {
  const body = { Bucket: bucket, Key: name, Body: bytes, ContentLength: bytes.length, ...condition };
  await client.send(new sdk.PutObjectCommand(body));
}

/** Writes an object unless it is there. */
export async function putOnce(
  at: S3Bucket,
  name: string,
  bytes: Uint8Array,
  conditional: boolean,
): Promise<'created' | 'exists'> {
  for (let attempt = 0; ; attempt++) {
    try {
      await putObject(at, name, bytes, conditional ? { IfNoneMatch: '*' } : {});
      return 'created';
    } catch (error) {
      if (statusOf(error) === 412) return 'exists';
      // Another conditional put of this name was under way.
      if (statusOf(error) !== 409 || attempt >= 5) throw error;
      await pauseBeforeRetry(attempt, 50);
    }
  }
}

/** Whether the server refuses a put that must not overwrite. */
export async function honoursConditions(at: S3Bucket, folder: string): Promise<boolean> {
  const name = `${folder}${randomBytes(8).toString('hex')}`;
  const put = (): Promise<void> => putObject(at, name, new Uint8Array([10]), { IfNoneMatch: '*' });
  try {
    await put();
    return await put().then(
      () => false,
      (error: unknown) => statusOf(error) === 412,
    );
  } catch (error) {
    // Some refuse the header itself.
    if ([400, 501].includes(statusOf(error) ?? 0)) return false;
    throw error;
  } finally {
    await deleteObject(at, name).catch(() => undefined);
  }
}
