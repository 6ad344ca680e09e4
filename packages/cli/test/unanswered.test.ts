import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import { generateLoad } from '@perfkeel/load';
import { renderJson, renderTerminal } from '@perfkeel/report';

let server: Server;
let url: string;

/** Never answers every other request. */
beforeAll(async () => {
  let count = 0;
  server = createServer((_, answer) => void (count++ % 2 === 0 && answer.end('ok')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('what load says of requests without an answer is what reports read: at least the timeout', async () => {
  const measured = await generateLoad({
    ...{ url, requests: { path: '/' } },
    rate: '40/s',
    for: '500ms',
    warmup: '0s',
    timeout: '200ms',
  });
  expect(measured.censored).toBeGreaterThan(measured.responseTime.count / 4);
  const { warnings, responseTime } = measured;
  const data = { kind: 'histogram', histogram: responseTime.toData() } as const;
  const plans = [samplePlan({ kind: 'load', objectives: ['max < 100ms'] })];
  const run = sampleRun({ plans, measurements: [sampleMeasurement({ data, warnings })] });
  const { run: written } = JSON.parse(renderJson({ run })) as {
    readonly run: { readonly measurements: readonly object[]; readonly judgements: readonly object[] };
  };
  expect(written.measurements[0]).toMatchObject({ censored: measured.censored });
  expect(written.judgements[0]).toMatchObject({ lowerBound: true });
  const shown = renderTerminal({ run }, { colour: false, unicode: true, width: 80 });
  // Counted from when a request was to start, so that a late event loop adds to it.
  expect(Number(/max ≥ ([\d.]+) ms/.exec(shown)?.[1])).toBeGreaterThanOrEqual(200);
});
