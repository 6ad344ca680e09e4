import { describe, expect, it } from 'vitest';
import { parseConfig } from '../schema.ts';
import { failureOf } from '../../test/failure-of.ts';

describe('parseConfig', () => {
  it.each<[string, object]>([
    ['nothing: everything has a default', {}],
    [
      'everything',
      {
        name: 'orders',
        include: ['perf/**/*.ts'],
        exclude: [],
        store: '.perf',
        conditions: ['@orders/source'],
        tolerance: { warn: '0%', fail: '2.5%' },
        compare: {
          ...{ against: 'main', warn: '5%', fail: '10%' },
          rules: [
            { benchmark: 'api *', metric: 'errors', warn: '1%' },
            { metric: 'p99', fail: '30%' },
          ],
        },
        roundTimeout: '90s',
      },
    ],
    ['one level of two', { compare: { fail: '20%' } }],
  ])('accepts %s', (_, config) => {
    expect(parseConfig(config, 'perf.config.ts')).toEqual(config);
  });

  it.each<[string, unknown, string, string]>([
    [
      'an unknown key',
      { includes: ['*.ts'] },
      'includes: is not a setting; there are name, include,',
      '"include" instead of "includes"',
    ],
    [
      'an unknown inner key',
      { compare: { agianst: 'main' } },
      'compare.agianst: is not a setting; there are against, warn, fail, rules',
      '"against" instead of "agianst"',
    ],
    ['a key like nothing known', { reporters: ['html'] }, 'reporters: is not a setting', 'defineConfig'],
    [
      'one glob for a list',
      { include: '**/*.perf.ts' },
      'include: expected an array, got "**/*.perf.ts"',
      'defineConfig',
    ],
    ['an empty glob', { include: [''] }, 'include[0]: must not be empty', 'defineConfig'],
    [
      'a number for a percentage',
      { tolerance: { warn: 5 } },
      'tolerance.warn: expected a string, got 5',
      'defineConfig',
    ],
    [
      'a share for a percentage',
      { tolerance: { warn: '0.05' } },
      'tolerance.warn: "0.05" is not a percentage such as "5%"',
      'defineConfig',
    ],
    ['a negative percentage', { compare: { fail: '-5%' } }, 'compare.fail: "-5%" is not a percentage', 'defineConfig'],
    [
      'levels in the wrong order',
      { compare: { warn: '10%', fail: '5%' } },
      'compare.warn: must not be larger than fail',
      'defineConfig',
    ],
    [
      'an unknown key of a rule',
      {
        compare: {
          rules: [
            { metric: 'time', warn: '1%' },
            { benchmrak: 'a', metric: 'b', warn: '1%' },
          ],
        },
      },
      'compare.rules[1].benchmrak: is not a setting; there are benchmark, metric, warn, fail',
      '"benchmark" instead of "benchmrak"',
    ],
    [
      'a rule for everything',
      { compare: { rules: [{ warn: '1%' }] } },
      'compare.rules[0]: names neither a benchmark nor a metric',
      'defineConfig',
    ],
    [
      'a rule without limits',
      { compare: { rules: [{ metric: 'time' }] } },
      'compare.rules[0]: says neither warn nor fail',
      'defineConfig',
    ],
    [
      'a rule with limits in the wrong order',
      { compare: { rules: [{ metric: 'time', warn: '9%', fail: '3%' }] } },
      'compare.rules[0].warn: must not be larger than fail',
      'defineConfig',
    ],
    [
      'a duration in words',
      { roundTimeout: '5 minutes' },
      'roundTimeout: "5 minutes" is not a duration such as "5m"',
      'defineConfig',
    ],
    ['no time at all', { roundTimeout: '0s' }, 'roundTimeout: must be longer than 0', 'defineConfig'],
    ['null for a setting', { name: null }, 'name: expected a string, got null', 'defineConfig'],
    ['a function', () => ({}), 'perf.config.ts must export an object, and it exports a function', 'defineConfig({})'],
    ['nothing', undefined, 'perf.config.ts must export an object, and it exports undefined', 'defineConfig({})'],
    ['a list', [], 'perf.config.ts must export an object, and it exports an array', 'defineConfig({})'],
  ])('refuses %s', (_, config, message, hint) => {
    const error = failureOf(() => parseConfig(config, 'perf.config.ts'));
    expect(error).toMatchObject({ code: 'bad-config', exitCode: 2 });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  it('takes an undefined setting for an absent one', () => {
    expect(parseConfig({ name: undefined, compare: { against: undefined, fail: '5%' } }, 'perf.config.ts')).toEqual({
      compare: { fail: '5%' },
    });
  });

  it('reports all problems at once and underlines the first', () => {
    const error = failureOf(() => parseConfig({ includ: [], stroe: 'x', roundTimeout: '5' }, 'perf.config.ts'));
    expect(error.message.split('\n')).toEqual([
      'perf.config.ts has 3 problems:',
      '  - roundTimeout: "5" is not a duration such as "5m"',
      expect.stringMatching(/^ {2}- includ: is not a setting/),
      expect.stringMatching(/^ {2}- stroe: is not a setting/),
    ]);
    expect(error.hint).toBe('Did you mean "include" instead of "includ", "store" instead of "stroe"?');
    expect(error.excerpt).toBe('roundTimeout');
  });
});
