import * as diagnosticsChannel from 'node:diagnostics_channel';
import * as perfHooks from 'node:perf_hooks';
import * as timers from 'node:timers';
import * as v8 from 'node:v8';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import { agentSource } from './agent-source.ts';
import type { AgentReading } from './agent.ts';

it('reads the spaces of the heap before it asks for anything else: that would make them a page larger', () => {
  const asked: string[] = [];
  const engine = new Proxy(v8, {
    get: (target, name: keyof typeof v8) => {
      asked.push(name);
      return target[name];
    },
  });
  const parts: Record<string, unknown> = {
    ...{ 'node:v8': engine, 'node:perf_hooks': perfHooks, 'node:timers': timers },
    'node:diagnostics_channel': diagnosticsChannel,
  };
  const create = runInThisContext(agentSource) as (get: (name: string) => unknown) => { read(): AgentReading };
  const { heapData, heapUsed } = create((name) => parts[name]).read();
  expect(asked[0]).toBe('getHeapSpaceStatistics');
  expect(heapData).toBeGreaterThan(1e6);
  expect(heapData).toBeLessThan(1.5 * heapUsed);
});
