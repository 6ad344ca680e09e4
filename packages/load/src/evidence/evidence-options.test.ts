import { target } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { load } from '../load.ts';
import type { EvidenceOptions } from './evidence-options.ts';
import { planEvidence } from './evidence-options.ts';

const work = { requests: { path: '/' }, rate: '10/s', for: '1s' } as const;
const server = target({ command: ['node', 'server.js'] });

describe('the option evidence', () => {
  it('is understood', () => {
    expect(planEvidence(undefined)).toBeUndefined();
    expect(planEvidence(false)).toBeUndefined();
    expect(planEvidence(true)).toEqual({ every: 1e9 });
    expect(planEvidence({ metrics: '/metrics', every: '500ms' })).toEqual({ metrics: '/metrics', every: 0.5e9 });
  });

  it('has the target started so that it can be asked, and adds what it may tell', () => {
    const asked = load('asked', { target: server, ...work, evidence: true, objectives: ['cache-hits > 70%'] });
    expect(asked.target).toEqual({ ...server, observed: true });
    expect(asked.metrics.map(({ id }) => id)).toEqual(expect.arrayContaining(['handling-time', 'target-gc-time']));
    const silent = load('silent', { target: server, ...work });
    expect(silent.target).toBe(server);
    expect(silent.metrics.map(({ id }) => id)).not.toContain('handling-time');
  });

  const url = 'http://127.0.0.1:1';
  it.each<[string, unknown, object, RegExp, string]>([
    ['a word', 'yes', { url }, /^evidence is "yes"/, 'evidence'],
    ['an option that it has not', { metric: '/m' }, { url }, /^evidence has no option "metric"/, 'metric'],
    ['metrics that are nowhere', { metrics: 'metrics' }, { url }, /^no metrics can be read at "metrics"/, 'metrics'],
    ['metrics of another protocol', { metrics: 'ftp://a/b' }, { url }, /^no metrics can be read at/, 'metrics'],
    ['metrics of another host by mistake', { metrics: '//metrics' }, { url }, /^no metrics can be read at/, 'metrics'],
    ['too often', { metrics: '/m', every: '10ms' }, { url }, /^evidence is read every "10ms"/, 'every'],
    ['nobody to ask', true, { url }, /^evidence has nobody to ask/, 'evidence'],
    [
      'a path of nothing',
      { metrics: '/m' },
      { run: () => Promise.resolve(), requests: undefined },
      /belong to no target$/,
      'metrics',
    ],
  ])('refuses %s, at the line of the user', (_, evidence, place, message, excerpt) => {
    const declare = (): unknown =>
      load('refused', { ...work, ...place, evidence: evidence as EvidenceOptions } as never);
    const expected = { code: 'bad-load', exitCode: 2, excerpt, message: expect.stringMatching(message) as string };
    expect(declare).toThrow(expect.objectContaining(expected));
  });
});
