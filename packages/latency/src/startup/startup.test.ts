import { expect, test } from 'vitest';
import { roundContext } from '../../test/round-context.ts';
import { startup, type StartupOptions } from './startup.ts';

test('a declaration, and its instrument: a sample of starts', async () => {
  const declaration = startup('node itself', {
    command: ['node', '--version'],
    samples: 2,
    group: 'node',
    objectives: ['median < 10s'],
  });
  expect(declaration).toMatchObject({ kind: 'startup', primary: 'startup-time', quantiles: true, rounds: 5 });
  expect(declaration.location?.file).toContain('startup.test.ts');
  const progress: string[] = [];
  const { measurements } = await declaration.instrument(roundContext({ progress: (text) => progress.push(text) }));
  const [time] = measurements;
  expect(time?.metric).toBe('startup-time');
  if (time?.data.kind !== 'sample') throw new Error('other data');
  expect(time.data.values).toHaveLength(2);
  expect(Math.min(...time.data.values)).toBeGreaterThan(1e6);
  expect(progress).toEqual(['1 of 2 starts', '2 of 2 starts']);
});

test('a wrong option is refused at its own line', () => {
  const wrong = { command: 'node server.js' } as unknown as StartupOptions;
  expect(() => startup('bad', wrong)).toThrow(
    expect.objectContaining({ code: 'bad-option', excerpt: 'command', location: expect.anything() as object }) as Error,
  );
});
