import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleProgram, start } from '../../../test/child-process.ts';
import { startS3 } from '../../../test/s3-server.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { objectLogContract } from '../object-log-contract.ts';
import { s3Log } from './s3-log.ts';

const modules = fileURLToPath(new URL('../../../../../node_modules', import.meta.url));

describe('s3Log', () => {
  // In a process of its own: under the export conditions of test workers the SDK cannot be loaded.
  it(
    'keeps the contract on a server with conditional puts, and on one that overwrites',
    { timeout: 90_000 },
    async () => {
      const folder = await temporaryFolder();
      await symlink(modules, join(folder, 'node_modules'));
      const program = await bundleProgram('s3-contract.ts', join(folder, 's3-contract.mjs'));
      const servers = await Promise.all([startS3({ conditional: true }), startS3()]);
      const contract = start(
        program,
        servers.map(({ endpoint }) => endpoint),
      );
      await contract.ended;
      for (const server of servers) await server.stop();

      const names = objectLogContract.map(({ name }) => name);
      const others = ['one of many processes wins', 'no bucket', 'no answer', 'killed while it writes'];
      expect(contract.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
        ...[...names, ...others].map((name) => ['conditional', name, 'kept']),
        ...names.map((name) => ['overwriting', name, 'kept']),
      ]);
    },
  );

  it.each(['s3://', 's3://a', 's3://perf/../other', 's3://perf/a b', 'https://perf'])('%j is no place', (url) => {
    expect(() => s3Log(url)).toThrow(/not a place in S3/);
  });
});
