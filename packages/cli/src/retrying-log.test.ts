import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerfError } from '@perfkeel/core';
import { folderLog, type ObjectLog } from '@perfkeel/baseline';
import type { Retry } from '@perfkeel/runner';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quietPlace } from '../../../tools/test-support/quiet-place.ts';
import { retryingLog } from './retrying-log.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perfkeel-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Records in a folder, reached over a connection: as long as nothing listens, nothing is read or written. */
function behind({ host, port }: ReturnType<typeof quietPlace>, log: ObjectLog): ObjectLog {
  const reach = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(void socket.destroy()));
      socket.once('error', (cause) =>
        reject(new PerfError(`cannot reach the records: ${cause.message}`, { code: 'store-not-readable', cause })),
      );
    });
  return {
    ...log,
    put: (key, bytes) => reach().then(() => log.put(key, bytes)),
    get: (key) => reach().then(() => log.get(key)),
  };
}

it('records behind a network that comes back are read and written, and each attempt is told', async () => {
  const place = quietPlace();
  const server = createServer((socket) => socket.resume());
  const retries: Retry[] = [];
  const onRetry = (retry: Retry): void => {
    retries.push(retry);
    if (retry.attempt === 2) server.listen(place.port, place.host);
  };
  const log = retryingLog(behind(place, folderLog(folder)), 'the store', onRetry, 50);
  const bytes = new TextEncoder().encode('a record');
  expect(await log.put('runs/a', bytes)).toBe('created');
  expect(retries.map(({ what, attempt }) => [what, attempt])).toEqual([
    ['writing the records in the store', 1],
    ['writing the records in the store', 2],
  ]);
  expect(Buffer.from((await log.get('runs/a'))!)).toEqual(Buffer.from(bytes));
  expect(await log.list('')).toEqual(['runs/a']);
  expect(retries).toHaveLength(2);
  await new Promise((resolve) => server.close(resolve));
});

it('what cannot pass is told at once, and what does not pass after three attempts', async () => {
  const retries: Retry[] = [];
  const onRetry = (retry: Retry): void => void retries.push(retry);
  const log = retryingLog(behind(quietPlace(), folderLog(folder)), 'the store', onRetry, 1);
  await expect(log.list('../elsewhere')).rejects.toMatchObject({ code: 'bad-key' });
  expect(retries).toEqual([]);
  await expect(log.get('runs/a')).rejects.toMatchObject({
    code: 'store-not-readable',
    message: expect.stringMatching(/ECONNREFUSED .*\(tried 3 times\)$/) as string,
  });
});
