import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanosFromMs, withdraw } from '@perfkeel/core';
import { mcp, measureMcp, measureReduction, renderMcp, type McpClient } from '@perfkeel/mcp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpMeasurements } from '../src/measure/mcp-measurements.ts';
import { reductionMeasurements } from '../src/token-reduction.ts';
import type { McpSubject } from '../src/subject.ts';
import { overHttp, overPipes } from './support/tiny.ts';

interface Counters {
  readonly hits: number;
  readonly misses: number;
  readonly calls: Readonly<Record<string, number>>;
}

async function counters(client: McpClient): Promise<Counters> {
  const { result } = await client.callTool('counters');
  return JSON.parse((result as { content: { text: string }[] }).content[0]!.text) as Counters;
}

describe('measureMcp', () => {
  it('asks for everything that is safe, exactly as often as it says', async () => {
    let seen: Counters | undefined;
    const result = await measureMcp({
      server: overPipes('noisy'),
      ...{ samples: 3, sessions: 1, inFlight: 4, requests: 10, tools: { 'look-at': { what: 'a' } } },
      beside: { slow: { tool: 'slow' }, fast: { tool: 'look' } },
      cacheCounters: async (client) => (seen = await counters(client)),
    });
    expect(result.warm.map(({ item, times, outcomes }) => [item.name, times.length, outcomes['tool-error']])).toEqual([
      ['doc://a', 3, 0],
      ['doc://b', 3, 0],
      ['look-at', 3, 0],
      ['look', 3, 0],
      ['fails', 0, 3],
      ['greet', 3, 0],
    ]);
    const leftOut = result.leftOut.map(({ name, reason }) => `${name}: ${reason}`);
    expect(leftOut.filter((text) => !text.endsWith(': does not declare itself read-only'))).toEqual([
      'erase: declares itself destructive',
      'ask: needs q',
    ]);
    expect(leftOut).toHaveLength(14);
    expect(leftOut[0]).toBe('write: does not declare itself read-only');
    // The cold pass has filled the cache before the counters are read.
    expect(result.cache).toEqual({ hits: 6, misses: 0 });
    expect(seen?.calls).toEqual({ counters: 2 });
    expect(result.besideSlow?.times.length).toBeGreaterThan(5);
    expect([result.sent - result.measured, result.strange, result.measured > 30]).toEqual([0, 1, true]);
    expect(result.context).toMatchObject({ encoding: 'o200k_base', instructions: 3 });
  });

  it('does not call by itself what does not say that it only reads', async () => {
    await overHttp([], async (server) => {
      let calls: Counters['calls'] = {};
      const cacheCounters = async (client: McpClient) => {
        const now = await counters(client);
        calls = now.calls;
        return now;
      };
      await measureMcp({ server, samples: 1, sessions: 1, requests: 20 });
      await measureMcp({ server, samples: 1, sessions: 1, inFlight: 0, cacheCounters });
      expect(Object.keys(calls).sort()).toEqual(['counters', 'fails', 'look']);
    });
  });

  it.each<[string, Partial<McpSubject>, string, string]>([
    ['a tool', { tools: { lokk: {} } }, 'lists no tool "lokk"', 'Did you mean look?'],
    [
      'a tool of a probe',
      { cancel: { tool: 'xyz' } },
      'lists no tool "xyz"',
      'It lists look, look-at, write, erase, fails, slow, counters, die and 8 more.',
    ],
    ['a prompt', { prompts: { great: {} } }, 'lists no prompt "great"', 'Did you mean greet?'],
  ])('refuses %s that the server does not list before anything is measured', async (_, more, message, hint) => {
    const said: string[] = [];
    const progress = (text: string): void => void said.push(text);
    const refused = measureMcp({ server: overPipes(), sessions: 1, ...more }, { progress });
    await expect(refused).rejects.toMatchObject({ code: 'bad-option', exitCode: 2, hint });
    await expect(refused).rejects.toThrow(message);
    expect(said).toEqual(['connecting']);
  });

  it('refuses it in a perf file at the line that declares it', async () => {
    const declared = mcp('a slip', { server: overPipes(), sessions: 1, tools: { lokk: {} } });
    withdraw(declared);
    const clock = { now: () => nanosFromMs(performance.now()) };
    const { signal } = new AbortController();
    const context = {
      ...{ clock, signal, seed: 1, round: 0, short: false },
      progress: () => {},
      collectGarbage: () => {},
    };
    const refused = declared.instrument({ ...context, target: undefined });
    await expect(refused).rejects.toMatchObject({
      ...{ code: 'bad-option', excerpt: 'lokk' },
      location: { file: expect.stringMatching(/measure\.test\.ts$/) as string },
    });
  });

  it('refuses numbers that did not cross the wire, and shows failures by their kind', async () => {
    const result = await measureMcp({ server: overPipes(), samples: 2, sessions: 1, inFlight: 0 });
    const wanted = ['response-time', 'errors', 'tool-errors', 'rpc-errors', 'worst-tool-p95', 'throughput'];
    const { measurements } = mcpMeasurements({ ...result, sent: result.sent - 1 }, [], wanted);
    expect(measurements.map(({ metric }) => metric).sort()).toEqual(wanted.slice(0, 5).sort());
    expect(measurements.every(({ warnings }) => warnings?.some(({ forbids }) => forbids === 'verdict'))).toBe(true);
    const count = (id: string) => measurements.find(({ metric }) => metric === id)?.data;
    expect(count('tool-errors')).toEqual({ kind: 'count', events: 2, trials: 12 });
    expect(count('rpc-errors')).toEqual({ kind: 'count', events: 0, trials: 12 });
    const text = renderMcp(result);
    expect(text).toContain('# tiny 1.2.3');
    expect(text).toMatch(/\| tool +\| fails +\|.*\| 2 of 2 \|/);
    expect(text).toContain('- tool erase: declares itself destructive');
  });
});

describe('measureReduction', () => {
  let cwd = '';
  beforeAll(async () => (cwd = await mkdtemp(join(tmpdir(), 'perfkeel-mcp-'))));
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  const subject = () => ({
    ...{ server: overPipes(), cwd, capture: 'baseline.json' },
    workflows: [
      { name: 'read', baseline: [{ file: 'guide.md' }], mcp: [{ resource: 'doc://a' }, { resource: 'doc://a' }] },
      { name: 'talk', baseline: [{ text: 'hello' }], mcp: [{ prompt: 'greet' }, { tool: 'look' }] },
    ],
  });

  it('counts, keeps the baseline, replays it without its files, and notices when they differ', async () => {
    const file = join(cwd, 'guide.md');
    await writeFile(file, 'one two three four five six seven eight nine ten '.repeat(10));
    const first = await measureReduction(subject());
    // "text of doc://a" is read twice and counts once.
    expect(first.workflows[0]?.payload).toEqual({ baseline: 101, mcp: 5, reduction: 1 - 5 / 101 });
    expect(first.workflows[1]!.payload.reduction).toBeLessThan(0);
    expect(first.workflows[0]!.context.mcp).toBeGreaterThan(8);
    await rm(file);
    expect(await measureReduction(subject())).toEqual({ ...first, stale: [] });
    await writeFile(file, 'other');
    const changed = await measureReduction(subject());
    expect(changed.stale).toEqual(['read: file guide.md']);
    const warnings = reductionMeasurements(changed).flatMap((one) => one.warnings ?? []);
    expect(warnings.filter(({ forbids }) => forbids === 'verdict').map(({ code }) => code)).toContain('stale-baseline');
  });

  it('refuses a step that fails: it would look like a saving', async () => {
    const workflows = [{ name: 'a', baseline: [{ text: 'a' }], mcp: [{ tool: 'fails' }] }];
    await expect(measureReduction({ server: overPipes(), workflows })).rejects.toThrow(
      /tool fails failed with tool-error/,
    );
  });
});
