import { expect, it } from 'vitest';
import { measureCapacity } from '../src/index.ts';
import { startScript } from './support/servers.ts';

it('a search for the capacity says what was limiting', async () => {
  const server = await startScript('faulty-server.mjs', [], ['--expose-gc']);
  const { url } = server;
  await (await fetch(`${url}/become?pool`)).text();
  // Two connections and queries of 30 ms: 67 a second.
  const { evidence, warnings } = await measureCapacity({
    ...{ url, requests: { path: '/items/1' }, between: ['90/s', '400/s'], while: ['p90 < 60ms'] },
    ...{ for: '500ms', scout: '250ms', settle: '20ms', width: '100%', within: '5s' },
    evidence: { metrics: '/metrics', every: '200ms' },
  }).finally(() => server.close());
  const { above } = evidence ?? {};
  // On a machine that is too busy no trial may have counted, or nothing is said of the target.
  if (above === undefined || above.unjudged.length > 0) return;
  expect(above.server?.poolSize).toBe(2);
  const found = warnings.find(({ remedies }) => remedies !== undefined);
  expect(found?.code).toBe('pool-exhausted');
  expect(found?.message).toMatch(/^at 90\/s, where it is no longer kept: (possibly: )?work waited \d/);
});
