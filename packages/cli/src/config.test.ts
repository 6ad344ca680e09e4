import { describe, expect, it } from 'vitest';
import { resolveConfig } from './config.ts';

describe('the levels of a configuration', () => {
  it.each([
    ['nothing written', {}, { warn: 0.05, fail: 0.1 }],
    ['only fail, below the usual warning: it pulls the warning down', { fail: '3%' }, { warn: 0.03, fail: 0.03 }],
    ['only warn, above the usual failure: it pushes the failure up', { warn: '20%' }, { warn: 0.2, fail: 0.2 }],
    ['both', { warn: '1%', fail: '2%' }, { warn: 0.01, fail: 0.02 }],
  ] as const)('%s', (_, compare, expected) => {
    expect(resolveConfig({ compare }, '/p').change).toEqual({ ...expected, rules: [] });
  });

  it.each([
    ['one that only warns later also fails later', { metric: 'p99', warn: '15%' }, { warn: 0.15, fail: 0.15 }],
    ['one that only fails earlier also warns earlier', { metric: 'p99', fail: '2%' }, { warn: 0.02, fail: 0.02 }],
    ['one that only fails later', { benchmark: 'api *', fail: '30%' }, { warn: 0.04, fail: 0.3 }],
  ] as const)('a rule: %s', (_, rule, limits) => {
    const { benchmark, metric } = rule as { benchmark?: string; metric?: string };
    const { change } = resolveConfig({ compare: { warn: '4%', rules: [rule] } }, '/p');
    expect(change.rules).toEqual([{ benchmark, metric, ...limits }]);
  });

  it('a tolerance that only warns lets values beyond it fail, and those within it pass', () => {
    expect(resolveConfig({ tolerance: { warn: '5%' } }, '/p').tolerance).toEqual({ warn: 0.05, fail: 0.05 });
  });

  it('refuses to warn later than it fails', () => {
    expect(() => resolveConfig({ compare: { warn: '9%', fail: '3%' } }, '/p')).toThrow(
      expect.objectContaining({ code: 'bad-config', exitCode: 2, excerpt: '9%' }) as Error,
    );
  });
});
