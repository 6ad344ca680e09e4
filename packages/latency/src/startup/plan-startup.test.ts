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
      warmup: 0,
      startTimeout: 30e9,
    });
  });

  test('an environment of texts', () => {
    const env = { PORT: 3000, DEBUG: undefined, NAME: 'x' } as unknown as Record<string, string>;
    expect(planStartup({ command: ['node'], env }).env).toEqual({ PORT: '3000', NAME: 'x' });
  });
});

test.each([
  ['a command line in one string', { command: 'node a.js' }, 'command'],
  ['no words', { command: [] }, 'command'],
  ['a word that is none', { command: ['node', 5] }, 'command'],
  ['a program without a name', { command: [''] }, 'command'],
  ['a folder that is none', { command: ['node'], cwd: 5 }, 'cwd'],
  ['an environment that is none', { command: ['node'], env: ['A=1'] }, 'env'],
  ['no environment', { command: ['node'], env: null }, 'env'],
  ['no starts', { command: ['node'], samples: 0 }, 'samples'],
  ['less than no warm-up', { command: ['node'], warmup: -1 }, 'warmup'],
  ['no time', { command: ['node'], startTimeout: '0s' }, 'startTimeout'],
])('%s is refused', (_, subject, excerpt) => {
  const refusal = expect.objectContaining({ code: 'bad-option', exitCode: 2, excerpt }) as Error;
  expect(() => planStartup(subject as unknown as StartupSubject)).toThrow(refusal);
});
