import { describe, expect, it } from 'vitest';
import type * as original from './declaration.ts';
import { failureOf } from '../test/failure-of.ts';
import { callSite, locating } from './call-site.ts';
import { commonParts, declarations, declare, type Declaration } from './declaration.ts';
import { PerfError, usageError } from './errors.ts';
import { metrics } from './metric.ts';

const location = { file: '/project/orders.perf.ts', line: 7, column: 1 };
const declaration = (fields: Partial<Record<keyof Declaration, unknown>> = {}): Declaration =>
  ({
    name: 'parse',
    kind: 'bench',
    metrics: [metrics.timePerOperation],
    primary: 'time',
    quantiles: true,
    objectives: ['p99 < 5us'],
    rounds: 3,
    tags: [],
    location,
    instrument: () => Promise.resolve({ measurements: [] }),
    ...fields,
  }) as Declaration;

describe('declare', () => {
  it('collects in order and gives back what it got', () => {
    const [a, b] = [declaration({ name: 'a' }), declaration({ name: 'b' })];
    expect([declare(a), declare(b)]).toEqual([a, b]);
    expect(declarations().slice(-2)).toEqual([a, b]);
  });

  it('finds its own place where none is given', () => {
    const made = declare(declaration({ location: undefined }));
    expect(made.location?.file).toMatch(/declaration\.test\.ts$/);
  });

  it('collects for every copy of this package', async () => {
    const path = './declaration.ts?another-copy';
    const other = (await import(path)) as typeof original;
    const theirs = other.declare(declaration({ name: 'from another copy' }));
    expect(declarations().at(-1)).toBe(theirs);
  });

  it.each<[string, Partial<Record<keyof Declaration, unknown>>, string, string]>([
    ['no name', { name: ' ' }, 'a bench needs a name', "Write bench('parse one order', …)."],
    ['a function for a name', { name: () => 1 }, 'a bench needs a name', "Write bench('parse one order', …)."],
    ['no rounds', { rounds: 0 }, 'bench("parse") has 0 rounds', 'whole number from 1 to 10'],
    ['half a round', { rounds: 2.5 }, 'bench("parse") has 2.5 rounds', 'whole number from 1 to 10'],
    ['rounds as text', { rounds: '3' }, 'bench("parse") has "3" rounds', 'whole number from 1 to 10'],
    ['a former name that is its own', { renamedFrom: ['old', 'parse'] }, 'has renamedFrom: an array', 'had before'],
    ['a former name that is none', { renamedFrom: [7] }, 'bench("parse") has renamedFrom: an array', 'had before'],
    ['a version that is no word', { version: 2 }, 'the version of bench("parse") is 2', "version: '2'"],
    ['no kind', { kind: undefined }, 'the kind of a declaration is undefined', "kind: 'cache'"],
    ['no metrics', { metrics: undefined }, 'the metrics of bench("parse") are undefined', 'metrics: [{ id:'],
    ['a metric without an id', { metrics: [null] }, 'is null, without an id', 'metrics: [{ id:'],
    [
      'a unit that is none',
      { metrics: [{ id: 'x', unit: 'ms', better: 'lower' }] },
      'the metric x of bench("parse") has the unit "ms"',
      'Units are ns, B, 1/s',
    ],
    [
      'a direction that is none',
      { metrics: [{ id: 'x', unit: 'ns', better: 'less' }] },
      'the metric x of bench("parse") has better: "less"',
      "'lower', 'higher'",
    ],
    [
      'a primary metric of another benchmark',
      { primary: 'growth' },
      'the primary metric of bench("parse") is "growth"',
      "primary: 'time'",
    ],
    ['quantiles as text', { quantiles: 'yes' }, 'bench("parse") has quantiles: "yes"', 'true when'],
    ['no instrument', { instrument: 3 }, 'the instrument of bench("parse") is 3', 'Write a function'],
    ['another expectation', { expected: 'pass' }, 'bench("parse") has expected: "pass"', "'fail'"],
    [
      'one objective for a list',
      { objectives: 'p99 < 5us' },
      'the objectives of bench("parse") are "p99 < 5us"',
      'Write a list',
    ],
    ['a bad objective', { objectives: ['p99 < 5'] }, '"p99 < 5" is not an objective', 'Did you mean "p99 < 5ms"?'],
    [
      'a quantile where there are none',
      { quantiles: false },
      'nothing here is called "p99"',
      'This benchmark measures',
    ],
  ])('refuses %s, at the place of the declaration', (_, fields, message, hint) => {
    const before = declarations().length;
    const error = failureOf(() => declare(declaration(fields)));
    expect(error).toMatchObject({ exitCode: 2, location });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(declarations()).toHaveLength(before);
  });
});

/** Lets every stack read like this, as a process may do that replaces how stacks become text. */
function withStack<T>(stack: unknown, act: () => T): T {
  const before: unknown = Reflect.get(Error, 'prepareStackTrace');
  Error.prepareStackTrace = () => stack;
  try {
    return act();
  } finally {
    Reflect.set(Error, 'prepareStackTrace', before);
  }
}

describe('callSite', () => {
  const noun = (): ReturnType<typeof callSite> => callSite(noun);

  it('is the line that called the noun', () => {
    const site = noun();
    expect(site?.file).toMatch(/^\/.*declaration\.test\.ts$/);
    expect(site!.line).toBeGreaterThan(60);
    expect(site!.column).toBeGreaterThan(1);
  });

  it.each([
    ['a function', 'at parse (/project/a.perf.ts:3:5)', '/project/a.perf.ts'],
    ['the module itself', 'at /project/a.perf.ts:3:5', '/project/a.perf.ts'],
    ['a file url', 'at file:///project/a%20b.perf.mjs:3:5', '/project/a b.perf.mjs'],
    ['an asynchronous module', 'at async file:///project/a.perf.mjs:3:5', '/project/a.perf.mjs'],
    ['Windows', 'at Object.<anonymous> (C:\\project\\a.perf.ts:3:5)', 'C:\\project\\a.perf.ts'],
    ['a file url of Windows', 'at x (file:///C:/project/a.perf.ts:3:5)', 'C:/project/a.perf.ts'],
    ['a folder in brackets', 'at new Noun (/project/(group)/a (b)/a.perf.ts:3:5)', '/project/(group)/a (b)/a.perf.ts'],
    ['a folder in brackets, no function', 'at /project/x (y)/a.perf.ts:3:5', '/project/x (y)/a.perf.ts'],
    ['frames of Node first', 'at node:internal/x:1:1\n    at /project/a.perf.ts:3:5', '/project/a.perf.ts'],
  ])('reads %s', (_, frame, file) => {
    expect(withStack(`Error\n    ${frame}`, noun)).toEqual({ file, line: 3, column: 5 });
  });

  it('is unknown when the stack says nothing', () => {
    expect(withStack([], noun)).toBe(undefined);
    expect(withStack(undefined, noun)).toBe(undefined);
  });
});

describe('locating', () => {
  it('keeps a place that is already known, and what else was said', () => {
    const inner = { file: '/other.ts', line: 1, column: 1 };
    const known = usageError('no', { code: 'bad', location: inner });
    expect(
      failureOf(() =>
        locating(location, () => {
          throw known;
        }),
      ),
    ).toBe(known);
    const unknown = usageError('no', { code: 'bad', hint: 'do', excerpt: 'x' });
    const located = failureOf(() =>
      locating(location, () => {
        throw unknown;
      }),
    );
    expect(located).toMatchObject({ message: 'no', code: 'bad', hint: 'do', excerpt: 'x', exitCode: 2, location });
    expect(located.cause).toBe(unknown);
  });

  it('lets every other error and every result through', () => {
    expect(locating(location, () => 5)).toBe(5);
    expect(() =>
      locating(location, () => {
        throw new TypeError('bug');
      }),
    ).toThrow(new TypeError('bug'));
    expect(
      failureOf(() =>
        locating(undefined, () => {
          throw new PerfError('no', { code: 'x' });
        }),
      ).location,
    ).toBe(undefined);
  });
});

describe('commonParts', () => {
  it('fills in what was left out', () => {
    expect(commonParts({}, { rounds: 5 })).toEqual({
      objectives: [],
      rounds: 5,
      group: undefined,
      tags: [],
      expected: undefined,
    });
    const options = { objectives: ['p99 < 1s'], rounds: 2, group: 'g', tags: ['t'], expected: 'fail' } as const;
    expect(commonParts(options, { rounds: 5 })).toEqual(options);
    const renamed = commonParts({ renamedFrom: 'old', version: '2' }, { rounds: 5 });
    expect(renamed).toMatchObject({ renamedFrom: ['old'], version: '2' });
  });
});
