import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { eventually, isAlive, programWriter, temporaryFolder } from './programs.ts';

const folder = temporaryFolder();
const program = programWriter(folder);

test('a measuring process that is killed leaves nothing behind', async () => {
  const pidFile = join(folder, 'server.pid');
  const command = program(
    'server',
    `import { writeFileSync } from 'node:fs';
    writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
    setInterval(() => {}, 1000);`,
  );
  const outfile = join(folder, 'measuring.mjs');
  await build({
    stdin: {
      contents: `import { measureStartup } from './src/index.ts';
        await measureStartup({ command: ${JSON.stringify(command)}, ready: /never/ });`,
      resolveDir: join(import.meta.dirname, '..'),
    },
    conditions: ['@perfkeel/source'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  const measuring = spawn(process.execPath, [outfile], { stdio: 'ignore' });
  const ended = new Promise((resolve) => measuring.once('exit', resolve));
  try {
    expect(await eventually(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', 10_000)).toBe(true);
  } finally {
    measuring.kill('SIGKILL');
    await ended;
  }
  const server = Number(readFileSync(pidFile, 'utf8'));
  expect(await eventually(() => !isAlive(server))).toBe(true);
});
