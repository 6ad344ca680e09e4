import { describe, expect, test } from 'vitest';
import { planStartup, type StartupSubject } from './plan-startup.ts';

describe('what is written becomes', () => {
  test('a complete plan', () => {
    expect(planStartup({ command: ['node', 'a.js'] })).toEqual({
      command: ['node', 'a.js'],
      ready: { kind: 'exit' },
      env: {},
      cwd: undefined,
      samples: 3,
      startTimeout: 30e9,
    });
  });

  test('an environment of texts', () => {
    const env = { PORT: 3000, DEBUG: undefined, NAME: 'x' } as unknown as Record<string, string>;
    expect(planStartup({ command: ['node'], env }).env).toEqual({ PORT: '3000', NAME: 'x' });
  });

  test.each([
    ['exit', { kind: 'exit' }],
    ['port', { kind: 'port' }],
    [/up/giy, { kind: 'stdout', pattern: { source: 'up', flags: 'i' } }],
    [{ http: '/health' }, { kind: 'http', path: '/health' }],
  ] as const)('ready %s', (ready, expected) => {
    expect(planStartup({ command: ['node'], ready }).ready).toEqual(expected);
  });
});

test.each([
  ['a command line in one string', { command: 'node a.js' }, 'command'],
  ['no words', { command: [] }, 'command'],
  ['a word that is none', { command: ['node', 5] }, 'command'],
  ['an unknown way to be ready', { command: ['node'], ready: 'stdout' }, 'ready'],
  ['a path without its slash', { command: ['node'], ready: { http: 'health' } }, 'ready'],
  ['a port as the way to be ready', { command: ['node'], ready: 3000 }, 'ready'],
  ['nothing at all', { command: ['node'], ready: null }, 'ready'],
  ['no starts', { command: ['node'], samples: 0 }, 'samples'],
  ['no time', { command: ['node'], startTimeout: '0s' }, 'startTimeout'],
])('%s is refused', (_, subject, excerpt) => {
  const refusal = expect.objectContaining({ code: 'bad-option', exitCode: 2, excerpt }) as Error;
  expect(() => planStartup(subject as unknown as StartupSubject)).toThrow(refusal);
});
