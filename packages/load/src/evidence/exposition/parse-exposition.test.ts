import { Counter, Gauge, Histogram, Registry, Summary, type OpenMetricsContentType } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parseExposition, type ExpositionSample } from './parse-exposition.ts';

const only = (text: string): readonly [string, Record<string, string>, number] | undefined => {
  const [sample] = parseExposition(text).samples;
  return sample && [sample.name, Object.fromEntries(sample.labels), sample.value];
};

describe('a line of metrics', () => {
  it.each<[string, string, readonly [string, Record<string, string>, number]]>([
    ['a plain number', 'up 1', ['up', {}, 1]],
    ['a time stamp is left out', 'up 1.5e3 1395066363000', ['up', {}, 1500]],
    ['tabs, blanks and a carriage return', ' \tup {a = "b" , c="d",}\t-2 \r', ['up', { a: 'b', c: 'd' }, -2]],
    ['no labels in braces', 'up{} .5', ['up', {}, 0.5]],
    ['escapes in a label', 'path{file="C:\\\\a\\"b\\nc\\x"} 3', ['path', { file: 'C:\\a"b\nc\\x' }, 3]],
    ['braces and commas in a label', 'path{file="}, {"} 3', ['path', { file: '}, {' }, 3]],
    ['infinite', 'rpc_bucket{le="+Inf"} +Inf', ['rpc_bucket', { le: '+Inf' }, Infinity]],
    ['below everything', 'low -Inf', ['low', {}, -Infinity]],
    ['no number at all', 'mean Nan', ['mean', {}, NaN]],
    ['an exemplar is left out', 'rpc_bucket{le="1"} 7 # {trace="a b"} 0.67 1.5', ['rpc_bucket', { le: '1' }, 7]],
    ['a name in quotes', '{"http.time", "a.b"="c"} 4', ['http.time', { 'a.b': 'c' }, 4]],
    ['a colon in a name', 'vllm:requests 2', ['vllm:requests', {}, 2]],
  ])('%s', (_, line, expected) => {
    expect(only(line)).toEqual(expected);
    expect(parseExposition(line).malformed).toBe(0);
  });

  it.each([
    ['no value', 'up'],
    ['no value behind labels', 'up{a="b"}'],
    ['a word for a value', 'up yes'],
    ['a number with a tail', 'up 1x'],
    ['hexadecimal', 'up 0x10'],
    ['labels without an end', 'up{a="b" 1'],
    ['a label without quotes', 'up{a=b} 1'],
    ['a quote without an end', 'up{a="b} 1'],
    ['two names', 'up{"down"} 1'],
    ['no name', '{a="b"} 1'],
    ['an empty name', '{""} 1'],
    ['a label without a name', 'up{""="b"} 1'],
    ['a page of HTML', '<!doctype html>'],
  ])('%s is left out, and counted', (_, line) => {
    const { samples, malformed } = parseExposition(`before 1\n${line}\nafter 2\n`);
    expect(samples.map(({ name }) => name)).toEqual(['before', 'after']);
    expect(malformed).toBe(1);
  });

  it('tells types, and takes all other comments for comments', () => {
    const text = '# HELP up 1 or 0\n# TYPE up gauge\n#TYPE\n# up 3\n# TYPE "a.b" counter\n# UNIT x seconds\n# EOF\n\n';
    const { samples, types, malformed } = parseExposition(text);
    expect([samples, [...types], malformed]).toEqual([
      [],
      [
        ['up', 'gauge'],
        ['a.b', 'counter'],
      ],
      0,
    ]);
  });

  it('is found in the text of one that has no end, without harm', () => {
    const long = `up{a="${'\\"'.repeat(500_000)}`;
    expect(parseExposition(long)).toMatchObject({ samples: [], malformed: 1 });
    expect(parseExposition(`${'a'.repeat(1_000_000)} 1`).samples[0]?.value).toBe(1);
  });
});

/** What prom-client has, as it says it without any text. */
async function valuesOf(registry: Registry<OpenMetricsContentType> | Registry): Promise<string[]> {
  const all = await registry.getMetricsAsJSON();
  return all
    .flatMap(({ name, values }) =>
      (values as readonly { metricName?: string; labels: Record<string, unknown>; value: number }[]).map((one) =>
        keyOf(one.metricName ?? name, Object.entries(one.labels), one.value),
      ),
    )
    .sort();
}

const keyOf = (name: string, labels: readonly (readonly [string, unknown])[], value: number): string =>
  JSON.stringify([name, labels.map(([label, text]) => `${label}=${text}`).sort(), String(value)]);

const keyOfSample = ({ name, labels, value }: ExpositionSample): string => keyOf(name, [...labels], value);

function fill(registers: Registry[]): void {
  const labelNames = ['path', 'le2'];
  const shared = { help: 'a "help" with \\ and\nanother line', registers, labelNames };
  const counter = new Counter({ ...shared, name: 'requests_total' });
  counter.inc({ path: '/a"b\\c\nd{}', le2: '' }, 1e21);
  counter.inc({ path: 'ключ, 值' }, 0.1 + 0.2);
  const gauge = new Gauge({ ...shared, name: 'level' });
  for (const [path, value] of [
    ['nan', NaN],
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['small', -5e-324],
  ] as const) {
    gauge.set({ path }, value);
  }
  const histogram = new Histogram({ ...shared, name: 'took_seconds', buckets: [0.001, 0.25, 1e6] });
  for (const value of [0, 0.2, 0.25, 3, 2e6]) histogram.observe({ path: '/', le2: 'x' }, value);
  const summary = new Summary({ ...shared, name: 'size_bytes', percentiles: [0.5, 0.99] });
  for (let i = 0; i < 100; i++) summary.observe({ path: '/' }, i / 7);
}

describe('the text of prom-client', () => {
  it('says what prom-client has', async () => {
    const registry = new Registry();
    fill([registry]);
    const { samples, types, malformed } = parseExposition(await registry.metrics());
    expect(malformed).toBe(0);
    expect(samples.map(keyOfSample).sort()).toEqual(await valuesOf(registry));
    expect(Object.fromEntries(types)).toEqual({
      ...{ requests_total: 'counter', level: 'gauge', took_seconds: 'histogram', size_bytes: 'summary' },
    });
  });

  it('says the same as OpenMetrics', async () => {
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    fill([registry as unknown as Registry]);
    const { samples, malformed } = parseExposition(await registry.metrics());
    expect(malformed).toBe(0);
    // Of a counter, that format has the ending in its text alone.
    const told = samples.map((sample) => keyOfSample(sample).replace('requests_total', 'requests'));
    expect(told.sort()).toEqual(await valuesOf(registry));
  });
});
