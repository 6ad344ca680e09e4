import type { Metric, RoundMeasurement } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { renderHtml, renderMarkdown, renderTerminal } from '../src/index.ts';
import { buildRun, type Draft } from './support/build-run.ts';
import { load, lognormal } from './support/drafts.ts';
import { tagProblems } from './support/markup-balance.ts';

const terminal = { colour: false, unicode: true, width: 100 };

/** A micro-benchmark at one size, a little different in every round. */
function sized(family: string, size: number, cost: number, more: Partial<Draft> = {}): Draft {
  return {
    id: `${family} [size=${size}]`,
    variant: { family, parameters: { size } },
    measure: (round) => [
      {
        metric: 'time',
        data: { kind: 'sample', values: lognormal(size + round, 60, cost * (1 + 0.004 * round), 0.01) },
      },
    ],
    ...more,
  };
}

test('one benchmark over sizes is one table with its law of growth', () => {
  const sizes = [16, 256, 4096];
  const report = { run: buildRun(sizes.map((size) => sized('index', size, 3 * size * Math.log2(size)))) };
  const text = renderTerminal(report, terminal);
  expect(text).toContain(' Over size: index\n     median batch of time by size\n');
  expect(text).toMatch(/^ {8}16 {2}\d+ ns$/m);
  expect(text).toMatch(/^ {5}grows as 3\.0\d+ ns × n log n, which is off by [\d.]+ %; exponent 1\.\d+ \[[\d., ]+\]$/m);
  expect(text).not.toContain(' Evidence');
  expect(renderMarkdown(report)).toContain('| size | median batch of time |');
  const html = renderHtml(report);
  expect(html).toContain('<h3>index</h3>');
  expect(tagProblems(html)).toEqual([]);
});

test('alternatives are held against each other at one size', () => {
  const drafts = [16, 256].flatMap((size) => [
    sized('list', size, 10 * size, { group: 'lookup' }),
    sized('map', size, 50, { group: 'lookup' }),
  ]);
  const text = renderTerminal({ run: buildRun(drafts) }, terminal);
  expect(text).toContain(' Group lookup [size=16]');
  expect(text).toContain(' Group lookup [size=256]');
  expect(text).toMatch(/map \[size=16\] .* fastest$/m);
  // Two sizes have an exponent and no law.
  expect(text).toMatch(/^ {5}exponent 1 /m);
  expect(text).toMatch(/^ {5}exponent 0 /m);
});

test('other parameters tell families apart', () => {
  const of = (implementation: string, size: number, cost: number): Draft =>
    sized('add', size, cost, {
      id: `add [${implementation}, size=${size}]`,
      variant: { family: 'add', parameters: { implementation, size } },
    });
  const drafts = [of('brute', 10, 100), of('brute', 1000, 100), of('tree', 10, 50), of('tree', 1000, 90)];
  const text = renderTerminal({ run: buildRun(drafts) }, terminal);
  expect(text).toContain(' Over size: add [brute]');
  expect(text).toContain(' Over size: add [tree]');
});

test('numbers that decide nothing win nothing', () => {
  const wrong = { code: 'property-failed', message: 'loses every third item', forbids: 'verdict' as const };
  const of = (implementation: string, cost: number, warnings: RoundMeasurement['warnings'] = []): Draft => ({
    id: `search [${implementation}]`,
    group: 'search',
    variant: { family: 'search', parameters: { implementation }, role: 'alternative' },
    measure: (round) => [
      { metric: 'time', data: { kind: 'sample', values: lognormal(round, 60, cost, 0.01) }, warnings },
    ],
  });
  const report = { run: buildRun([of('right', 900), of('also right', 1800), of('wrong', 3, [wrong])]) };
  const text = renderTerminal(report, terminal);
  expect(text).toMatch(/^ +right .* fastest$/m);
  expect(text).toMatch(/^ +wrong .* not ranked, see the remarks$/m);
  expect(text).toContain('search [wrong]: loses every third item');
  expect(renderHtml(report)).toContain('not ranked, see the remarks');
  expect(renderMarkdown(report)).toContain('not ranked, see the remarks');
});

test('the source of the tail is named', () => {
  const part = (component: string, q?: number): Metric => ({
    id: q === undefined ? component : `${component}-of-p${q * 100}`,
    unit: q === undefined ? 'ns' : 'ratio',
    better: q === undefined ? 'lower' : 'neither',
    part: { of: 'response-time', component, ...(q === undefined ? {} : { q }) },
  });
  const shares: Record<string, readonly [number, number]> = {
    serialise: [0.299, 0.149],
    backend: [0.5, 0.62],
    route: [0.2, 0.23],
    rest: [0.001, 0.001],
  };
  const names = Object.keys(shares);
  const base = load('checkout', []);
  const draft: Draft = {
    ...base,
    metrics: [...base.metrics!, ...names.flatMap((name) => [part(name), part(name, 0.5), part(name, 0.99)])],
    measure: (round) => [
      ...base.measure!(round),
      ...names.flatMap((name): RoundMeasurement[] => [
        { metric: name, data: { kind: 'sample', values: lognormal(round, 200, 1e7 * shares[name]![0], 0.2) } },
        { metric: `${name}-of-p50`, data: { kind: 'exact', value: shares[name]![0] } },
        { metric: `${name}-of-p99`, data: { kind: 'exact', value: shares[name]![1] } },
      ]),
    ],
  };
  const report = { run: buildRun([draft]) };
  const text = renderTerminal(report, terminal);
  expect(text).toContain('     62 % of p99 is backend   23 % route   15 % serialise\n');
  expect(text).toContain('     50 % of p50 is backend   30 % serialise   20 % route\n');
  expect(text).not.toContain('rest');
  expect(renderMarkdown(report)).toContain('| component | median | share of p50 | share of p99 |');
  const html = renderHtml(report);
  expect(html).toMatch(/<th[^>]*>share of p99<\/th>/);
  expect(tagProblems(html)).toEqual([]);
});

test('whether the machine was fit stands with the machine', () => {
  const fitness = {
    fit: false,
    smallestChange: 0.083,
    findings: [
      { id: 'share', title: 'Processor share', status: 'unfit', value: '51 %', advice: 'End what else runs.' },
      { id: 'governor', title: 'Frequency governor', status: 'note', value: 'powersave' },
      { id: 'clock', title: 'Clock', status: 'ok', value: 'tsc' },
    ],
  } as const;
  const run = buildRun([load('checkout', [])], { environment: { fitness } });
  expect(renderTerminal({ run }, terminal)).toContain('sees changes from 8.3 %');
  const html = renderHtml({ run });
  expect(html).toContain('no; the smallest change it can show is 8.3 %');
  expect(html).toContain('51 % (unfit)');
  expect(html).not.toContain('tsc');
});

test('implementations of a protocol are ranked, and not those that break it', () => {
  const member = (
    role: 'alternative' | 'quality' | 'property',
    name: string,
    implementation: string,
    value: number,
  ): Draft => {
    const unit = role === 'alternative' ? 'ns' : role === 'quality' ? 'ratio' : 'count';
    const metric: Metric = { id: name, unit, better: role === 'quality' ? 'higher' : 'lower' };
    return {
      id: `Store ${name} [${implementation}]`,
      kind: role,
      variant: { family: `Store ${name}`, parameters: { implementation }, role },
      metrics: [metric],
      quantiles: false,
      measure: () => [{ metric: name, data: { kind: 'exact', value } }],
    };
  };
  const all = (implementation: string, violations: number, recall: number, time: number): Draft[] => [
    member('property', 'properties', implementation, violations),
    member('quality', 'recall', implementation, recall),
    member('alternative', 'search', implementation, time),
  ];
  const report = {
    run: buildRun([...all('brute', 0, 1, 9e5), ...all('graph', 0, 0.915, 2e4), ...all('wrong', 2, 0.1, 5)]),
  };
  const text = renderTerminal(report, terminal);
  expect(text).toContain(' Protocol Store  medians, the fastest search first');
  expect(text).toMatch(/^ {4}1 {2}graph {2}91\.5 % {3}20 µs$/m);
  expect(text).toMatch(/^ {4}2 {2}brute {3}100 % {2}900 µs$/m);
  // The table of the protocol has the figures already.
  expect(text).not.toContain('Group Store');
  expect(renderTerminal(report, { ...terminal, verbose: true })).toContain(' Group Store search');
  expect(text).toMatch(/^ {4}- {2}wrong {2}not ranked: breaks a property, see the remarks$/m);
  const html = renderHtml(report);
  expect(html).toContain('<h2>Protocols</h2>');
  expect(tagProblems(html)).toEqual([]);
  const markdown = renderMarkdown(report);
  expect(markdown).toContain('| implementation | rank | recall | search |');
  expect(markdown).not.toContain('Side by side');
  const untimed = {
    run: {
      ...report.run,
      plan: { ...report.run.plan, benchmarks: report.run.plan.benchmarks.filter(({ kind }) => kind !== 'alternative') },
    },
  };
  expect(renderTerminal(untimed, terminal)).toMatch(
    /^ Protocol Store {2}nothing was timed$[^]*^ {7}graph {2}91\.5 %$/m,
  );
});
