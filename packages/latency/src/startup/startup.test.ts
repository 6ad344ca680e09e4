import { declarations, type Declaration } from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { roundContext } from '../../test/round-context.ts';
import { startup, type StartupOptions, type StartupVariantOptions } from './startup.ts';

/** Where processor time can be known: everywhere for a Node program that ends. */
const command = ['node', '--version'];

describe('a declaration', () => {
  test('and its instrument: samples of starts', async () => {
    const declaration = startup('node itself', {
      command,
      samples: 2,
      group: 'node',
      objectives: ['median < 10s', 'p90 of cpu-time < 10s', 'max-rss < 1GB'],
    });
    expect(declaration).toMatchObject({ kind: 'startup', primary: 'startup-time', quantiles: true, rounds: 5 });
    expect(declaration.comparedBy).toEqual(['cpu-time']);
    expect(declaration.location?.file).toContain('startup.test.ts');
    const progress: string[] = [];
    const { measurements } = await declaration.instrument(roundContext({ progress: (text) => progress.push(text) }));
    expect(measurements.map(({ metric }) => metric)).toEqual([
      'startup-time',
      'cpu-time',
      'user-time',
      'system-time',
      'max-rss',
      'spawn-time',
    ]);
    for (const { data } of measurements) {
      if (data.kind !== 'sample') throw new Error('other data');
      expect(data.values).toHaveLength(2);
      expect(Math.min(...data.values)).toBeGreaterThanOrEqual(0);
    }
    expect(progress.at(-1)).toBe('2 of 2 starts');
  });

  const metricIds = ({ metrics }: Declaration): readonly string[] => metrics.slice(6).map(({ id }) => id);

  test.each([
    ['exit', []],
    [/up/, ['first-output']],
    ['port', ['first-output']],
    [{ http: '/' }, ['first-output', 'port-open', 'first-response', 'warm-response']],
    ['ipc', ['first-output']],
    ['mcp', ['warm-response']],
  ] as const)('ready %o has the phases that this way passes', (ready, phases) => {
    expect(metricIds(startup('phases', { command, ready }))).toEqual(phases);
  });

  test('the parts of start-up time are those that make it up', () => {
    const { metrics } = startup('parts', { command, ready: { http: '/' } });
    const parts = metrics.filter(({ part }) => part?.of === 'startup-time').map(({ id }) => id);
    expect(parts).toEqual(['port-open', 'first-response']);
  });

  test('is compared by what it says', () => {
    const { comparedBy } = startup('waiting', { command, comparedBy: ['startup-time', 'max-rss'] });
    expect(comparedBy).toEqual(['startup-time', 'max-rss']);
  });
});

describe('variants', () => {
  test('are a declaration each, in one family', async () => {
    const before = declarations().length;
    const source = (text: string): string[] => [
      'node',
      '-e',
      `process.exit(process.env.A + process.env.B === '${text}' ? 0 : 9)`,
    ];
    const members = startup('cli', {
      env: { A: '1', B: '1' },
      samples: 1,
      tags: ['cli'],
      variants: { plain: { command: source('11') }, cached: { command: source('12'), env: { B: '2' }, samples: 2 } },
    });
    expect(declarations().slice(before)).toEqual(members);
    expect(members.map(({ name, variant, tags, location }) => ({ name, variant, tags, line: location?.line }))).toEqual(
      ['plain', 'cached'].map((variant) => ({
        name: `cli [variant=${variant}]`,
        variant: { family: 'cli', parameters: { variant }, role: 'alternative' },
        tags: ['cli'],
        line: expect.any(Number) as number,
      })),
    );
    const counts: number[] = [];
    for (const { instrument } of members) {
      const [time] = (await instrument(roundContext())).measurements;
      counts.push(time?.data.kind === 'sample' ? time.data.values.length : 0);
    }
    expect(counts).toEqual([1, 2]);
  });

  test('are declared all or none', () => {
    const before = declarations().length;
    const wrong = { variants: { good: { command }, bad: {} } };
    expect(() => startup('half', wrong)).toThrow(expect.objectContaining({ excerpt: 'command' }) as Error);
    expect(declarations()).toHaveLength(before);
  });
});

test.each([
  ['a command in one string', { command: 'node server.js' }, 'bad-option', 'command'],
  ['no metrics to compare by', { command, comparedBy: [] }, 'bad-option', 'comparedBy'],
  ['an unknown metric to compare by', { command, comparedBy: ['cpu'] }, 'bad-declaration', undefined],
  ['a phase that it does not pass', { command, comparedBy: ['port-open'] }, 'bad-declaration', undefined],
  ['no variants', { command, variants: {} }, 'bad-option', 'variants'],
  ['a list of variants', { command, variants: [] }, 'bad-option', 'variants'],
  ['a variant that is none', { command, variants: { plain: true } }, 'bad-option', 'plain'],
  ['rounds of a variant', { command, variants: { plain: { rounds: 3 } } }, 'bad-option', 'rounds'],
  ['a misspelt option of a variant', { command, variants: { plain: { enviroment: {} } } }, 'bad-option', 'enviroment'],
])('%s is refused at its own line', (_, wrong, code, excerpt) => {
  const refusal = expect.objectContaining({ code, excerpt, location: expect.anything() as object }) as Error;
  expect(() => void startup('bad', wrong as unknown as StartupOptions & StartupVariantOptions)).toThrow(refusal);
});
