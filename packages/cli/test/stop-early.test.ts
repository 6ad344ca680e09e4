import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { decodeRun } from '@perfkeel/baseline';
import { runCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
let server: Server | undefined;
afterEach(() => {
  project?.remove();
  server?.closeAllConnections();
  server?.close();
});

it('load that cannot keep its promise any more ends at once, fails, and keeps what it measured', async () => {
  // Slow at first and quick later: good rounds would have outweighed the bad one.
  let count = 0;
  server = createServer((_, response) => void setTimeout(() => response.end('ok'), count++ < 150 ? 400 : 0));
  server.listen(0, '127.0.0.1');
  await eventually(() => server!.listening);
  const { port } = server.address() as AddressInfo;
  project = createTempProject({
    'a.perf.ts': `import { load } from '@perfkeel/load';
      load('orders', { url: 'http://127.0.0.1:${port}', requests: { path: '/' }, rate: '100/s', for: '60s', warmup: '0s',
        rounds: 4, stopEarly: true, objectives: ['p99 < 200ms', 'errors < 1%'] });`,
  });
  const { code, stdout } = await runCli(['run'], project.root);
  expect(stdout).toMatch(/the load was ended: "p99 < 200ms" could no longer be kept: \d+ requests took\s+longer/);
  const file = join(project.root, '.perf/latest/run.json');
  const { measurements, interrupted, judgements, durationMs } = decodeRun(readFileSync(file, 'utf8'), file);
  // A busy machine may be to blame for times: then nothing is decided, but never passed.
  const spoilt = measurements.some(
    ({ metric, warnings }) => metric === 'response-time' && warnings.some(({ forbids }) => forbids),
  );
  expect(judgements[0]).toMatchObject({
    objective: 'p99 < 200ms',
    verdict: { kind: spoilt ? 'inconclusive' : 'fail' },
  });
  expect(code).toBe(spoilt ? 3 : 1);
  expect(interrupted).toBe(false);
  // One round of four, and seconds of four minutes.
  expect(new Set(measurements.map(({ round }) => round))).toEqual(new Set([0]));
  expect(durationMs).toBeLessThan(30_000);
  const times = measurements.find(({ metric }) => metric === 'response-time')!;
  expect(times.data.kind === 'histogram' && times.data.histogram.count).toBeGreaterThan(60);
});
