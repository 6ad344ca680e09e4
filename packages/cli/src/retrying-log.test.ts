import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerfError } from '@perfkeel/core';
import { folderLog, type ObjectLog } from '@perfkeel/baseline';
import type { Retry } from '@perfkeel/runner';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { retryingLog } from './retrying-log.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perfkeel-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Records in a folder, reached over a connection: as long as nothing listens, nothing is read or written. */
function behind(port: () => number, log: ObjectLog): ObjectLog {
  const reach = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port(), '127.0.0.1', () => resolve(void socket.destroy()));
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

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('records behind a network that comes back are read and written, and each attempt is told', async () => {
  const port = await unusedPort();
  const server = createServer((socket) => socket.resume());
  const retries: Retry[] = [];
  const onRetry = (retry: Retry): void => {
    retries.push(retry);
    if (retry.attempt === 2) server.listen(port, '127.0.0.1');
  };
  const log = retryingLog(
    behind(() => port, folderLog(folder)),
    'the store',
    onRetry,
    50,
  );
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
  const port = await unusedPort();
  const retries: Retry[] = [];
  const log = retryingLog(
    behind(() => port, folderLog(folder)),
    'the store',
    (retry) => retries.push(retry),
    1,
  );
  await expect(log.list('../elsewhere')).rejects.toMatchObject({ code: 'bad-key' });
  expect(retries).toEqual([]);
  await expect(log.get('runs/a')).rejects.toMatchObject({
    code: 'store-not-readable',
    message: expect.stringMatching(/ECONNREFUSED .*\(tried 3 times\)$/) as string,
  });
});
