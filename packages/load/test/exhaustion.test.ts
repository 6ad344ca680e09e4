import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { serveHttp } from './support/servers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sends 200 requests at once with 60 open files at most, then 20 one after the other. Prints what became of them. */
const program = (url: string): string => `
  import { createHttpDriver } from './src/http-driver.ts';
  import { prepareRequest } from './src/prepared-request.ts';
  const [request, outcomes, waiting] = [prepareRequest({ path: '/' }), {}, new Map()];
  const count = (token, name) => {
    outcomes[name] = (outcomes[name] ?? 0) + 1;
    waiting.get(token)();
    waiting.delete(token);
  };
  const sink = {
    answered: (token, { status }) => count(token, status),
    failed: (token, { kind, message }) => count(token, kind + ' ' + (/E[A-Z]+/.exec(message)?.[0] ?? message)),
    roomAgain() {},
  };
  const now = () => performance.now() * 1e6;
  const driver = createHttpDriver({ url: new URL(${JSON.stringify(url)}), now, timeout: 20e9, sink });
  let tokens = 0;
  const send = () => new Promise((resolve) => {
    waiting.set(tokens, resolve);
    driver.send(request, tokens++);
  });
  await Promise.all(Array.from({ length: 200 }, send));
  const burst = { ...outcomes };
  for (let i = 0; i < 20; i++) await send();
  driver.close();
  console.log(JSON.stringify({ burst, all: outcomes, left: waiting.size }));
`;

interface Found {
  readonly burst: Record<string, number>;
  readonly all: Record<string, number>;
  readonly left: number;
}

async function runWithFiles(most: number, url: string): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-files-'));
  try {
    const outfile = join(folder, 'client.mjs');
    await build({
      stdin: { contents: program(url), resolveDir: root, loader: 'ts' },
      ...{
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        conditions: ['@perfkeel/source'],
        logLevel: 'error',
      },
    });
    const child = spawn('sh', ['-c', `ulimit -n ${most} && exec "$0" "$1"`, process.execPath, outfile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return JSON.parse(output) as Found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(process.platform === 'win32')('a generator that runs out of files', () => {
  it('says so for each request that this concerns, and goes on with the others', async () => {
    const server = await serveHttp((_, response) => setTimeout(() => response.end('ok'), 300));
    const { burst, all, left } = await runWithFiles(60, server.url);
    await server.close();
    const [answered, without] = [burst['200'] ?? 0, burst['other EMFILE'] ?? 0];
    expect([answered + without, left]).toEqual([200, 0]);
    expect([answered > 10, without > 100]).toEqual([true, true]);
    // One after the other they find a connection that is there.
    expect(all['200']).toBe(answered + 20);
  });
});
