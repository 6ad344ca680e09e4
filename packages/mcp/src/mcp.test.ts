import { withdraw, type Declaration } from '@perfkeel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { mcp, type McpOptions } from './mcp.ts';

const server = { command: ['node', 'server.js'] };
const call = { tool: 'a' };
const declared: Declaration[] = [];
const declareMcp = (options: Partial<McpOptions>): Declaration => {
  const one = mcp('a server', { server, ...options });
  declared.push(one);
  return one;
};
afterEach(() => {
  for (const one of declared.splice(0)) withdraw(one);
});

describe('mcp', () => {
  it('has the metrics that its options make possible, and promises about them', () => {
    const plain = declareMcp({}).metrics.map(({ id }) => id);
    const more = declareMcp({
      tools: { search: {} },
      ...{ beside: { slow: call, fast: call }, capacity: { p95: '50ms' }, cancel: call, growth: 2000, churn: 20 },
      updates: { resource: 'a', change: call },
      writeAndReadBack: { write: (mark) => ({ tool: 'a', args: { mark } }), read: call },
      cacheCounters: () => Promise.resolve({ hits: 1, misses: 0 }),
      objectives: [
        'p95 of cancel < 100ms',
        'cancel-ignored = 0',
        'p95 of update-delivery < 50ms',
        'updates-lost = 0',
        'lost-updates = 0',
        'capacity >= 100/s',
        'session-rate > 5/s',
        'session-errors < 1%',
        'memory-per-thousand < 1MB',
        'memory-per-thousand-sessions < 1MB',
        'p95 of search < 50ms',
        'cache-hits > 70%',
      ],
    });
    const added = more.metrics.map(({ id }) => id).filter((id) => !plain.includes(id));
    expect(added).toEqual([
      ...['cache-hits', 'beside-slow', 'capacity', 'lost-updates', 'cancel', 'cancel-ignored', 'update-delivery'],
      ...['updates-lost', 'memory-per-thousand', 'session-rate', 'session-errors', 'memory-per-thousand-sessions'],
      'search',
    ]);
    expect(more.objectives.at(-1)).toBe('errors < 5%');
  });

  it.each([
    [{ server: undefined }, /`server` is/],
    [{ server: { command: [] } }, /`command` is/],
    [{ client: 'host' }, /`client` is "host"; expected 'own' or 'sdk'/],
    [{ client: 'sdk', cancel: call }, /nothing of the kind with client: 'sdk'/],
    [{ cancel: { tool: 5 } }, /`cancel` is/],
    [{ cancel: { tool: 'a', after: '50' } }, /50/],
    [{ updates: { resource: 'a' } }, /`updates` is/],
    [{ writeAndReadBack: { write: call, read: call } }, /`writeAndReadBack` is/],
    [{ capacity: {} }, /`capacity` is/],
    [{ growth: 10 }, /a whole number from 100 upwards/],
    [{ churn: 0 }, /`churn` is 0/],
    [{ tools: { errors: {} } }, /the tool "errors" has the name of a metric/],
    [{ sample: 5 }, /has no option "sample"/],
    [{ objectives: ['lost-updates = 0'] }, /lost-updates/],
  ])('refuses %j at the line of the user', (options, message) => {
    const wrong = (): unknown => declareMcp(options as unknown as Partial<McpOptions>);
    expect(wrong).toThrow(message);
    expect(wrong).toThrow(
      expect.objectContaining({
        exitCode: 2,
        location: expect.objectContaining({ file: expect.stringContaining('mcp.test.ts') as string }) as unknown,
      }) as Error,
    );
  });
});
