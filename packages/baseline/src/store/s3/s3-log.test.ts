import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleProgram, start } from '../../../test/child-process.ts';
import { startConditional, startS3 } from '../../../test/s3-server.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { objectLogContract } from '../object-log-contract.ts';
import { s3Log } from './s3-log.ts';

const modules = fileURLToPath(new URL('../../../../../node_modules', import.meta.url));

describe('s3Log', () => {
  // In processes of their own: under the export conditions of test workers the SDK cannot be loaded.
  it('keeps the contract on a server with conditional puts, and on one that overwrites', async () => {
    const folder = await temporaryFolder();
    await symlink(modules, join(folder, 'node_modules'));
    const program = await bundleProgram('s3-contract.ts', join(folder, 's3-contract.mjs'));
    const behind = await startS3();
    const conditional = await startConditional(behind);
    const [careful, careless] = [conditional, behind].map(({ endpoint }, i) => start(program, [endpoint, `team-${i}`]));
    await Promise.all([careful!.ended, careless!.ended]);
    await conditional.stop();
    await behind.stop();

    const results = (lines: readonly string[]): Record<string, string> =>
      Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, string]));
    const all = Object.fromEntries(objectLogContract.map(({ name }) => [name, 'kept']));
    const others = { 'no bucket': 'kept', 'no answer': 'kept', 'killed while it writes': 'kept' };
    expect(results(careful!.lines)).toEqual({ ...all, ...others, 'one of many processes wins': 'kept' });
    // Without conditional puts several believe that they won: that is documented, and why keys say what content is.
    expect(results(careless!.lines)).toMatchObject({ ...all, ...others });
  });

  it.each(['s3://', 's3://a', 's3://perf/../other', 's3://perf/a b', 'https://perf'])('%j is no place', (url) => {
    expect(() => s3Log(url)).toThrow(/not a place in S3/);
  });
});
