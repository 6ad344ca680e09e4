import { afterEach, describe, expect, it } from 'vitest';
import { declarations, declare, metrics, target, type Declaration } from '@perfkeel/core';
import { leak } from '../src/leak.ts';
import {
  commandOf,
  contextFor,
  estimateOf,
  leaveServers,
  remarksOf,
  serve,
  serverCommand,
} from './support/leak-server.ts';

afterEach(leaveServers);

/** A load as any package may declare one: three bursts of which the first is a warm-up that it does not count. */
function bursts(fields: Partial<Declaration> = {}): Declaration {
  const size = 8;
  return declare({
    name: 'bursts',
    kind: 'load',
    metrics: [metrics.throughput, metrics.errors],
    primary: metrics.throughput.id,
    quantiles: false,
    objectives: [],
    rounds: 4,
    tags: [],
    target: serverCommand,
    // A second of warm-up, and two that are measured.
    lasts: 3e9 as NonNullable<Declaration['lasts']>,
    instrument: async ({ target }) => {
      for (let i = 0; i < 3; i++) {
        await Promise.all(Array.from({ length: size }, async () => (await fetch(target!.url)).text()));
      }
      return {
        measurements: [
          { metric: 'throughput', data: { kind: 'exact', value: size } },
          { metric: 'errors', data: { kind: 'count', events: 0, trials: 2 * size } },
        ],
      };
    },
    ...fields,
  });
}

describe('a leak during a declared load', () => {
  it('takes the load over, with its target, and counts the requests of its warm-up', async () => {
    const before = declarations().length;
    const declared = leak('soak', { during: bursts(), iterations: 1, samples: 16, for: '2s', idle: '1s' });
    expect(declarations().slice(before)).toEqual([declared]);
    expect(declared).toMatchObject({ target: { command: commandOf(serverCommand) }, lasts: 3e9 });
    const { instrument } = leak('soak', { during: bursts(), iterations: 1, samples: 40, for: '1s' });
    const { value } = estimateOf(await instrument(contextFor(await serve('leak'))));
    // 24 requests a run; the 16 that it counts alone would make it 6 KB.
    expect(value).toBeGreaterThan(3500);
    expect(value).toBeLessThan(5000);
  });

  it('decides nothing when most of its requests fail', async () => {
    const failing = bursts({
      instrument: () =>
        Promise.resolve({ measurements: [{ metric: 'errors', data: { kind: 'count', events: 9, trials: 10 } }] }),
    });
    const declared = leak('refused', { during: failing, iterations: 1, samples: 16, for: '200ms' });
    const remark = remarksOf(await declared.instrument(contextFor(await serve('steady')))).at(-1);
    expect(remark).toMatchObject({ code: 'failed-requests', forbids: 'verdict' });
    expect(remark!.message).toMatch(/^\d+ of \d+ requests failed$/);
  });

  it('says so when the load does not count', async () => {
    const silent = bursts({ instrument: () => Promise.resolve({ measurements: [] }) });
    const context = contextFor(await serve('steady'));
    const error = leak('silent', { during: silent }).instrument(context);
    await expect(error).rejects.toMatchObject({ code: 'bad-option', location: { line: expect.any(Number) as number } });
    const counting = leak('counts nothing', { target: serverCommand, during: () => Infinity });
    await expect(counting.instrument(contextFor(await serve('steady')))).rejects.toThrow('during gave back Infinity');
  });

  it.each<[string, object, RegExp]>([
    ['another target', { target: target({ command: ['node', 'other.js'] }) }, /has another target than the leak/],
    ['a url', { during: bursts({ target: target({ url: 'http://127.0.0.1:1' }) }) }, /without a process/],
    ['no target at all', { during: bursts({ target: undefined }) }, /during and no target/],
    ['a family', { during: [bursts()], target: serverCommand }, /neither a load nor a function/],
    ['clients of its own', { clients: 100 }, /has clients, and a load that has its own/],
    ['two lengths', { for: '1s', duration: '1s' }, /both for and duration/],
  ])('refuses %s, and leaves the load where it was', (_, options, message) => {
    const during = bursts();
    const before = declarations().length;
    expect(() => leak('gateway', { during, ...options })).toThrow(message);
    expect(declarations()).toHaveLength(before);
  });
});
