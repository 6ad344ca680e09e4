import { beforeEach, describe, expect, it, test } from 'vitest';
import {
  judgeBenchmark,
  judgeObjective,
  metrics,
  type Declaration,
  type Measurement,
  type RoundResult,
} from '@perfkeel/core';
import { measureBench, protocol, type Implementation, type Protocol } from '../src/index.ts';
import { roundContext } from './round-context.ts';

/** A list that says what happens to it. */
interface List {
  add(value: number): unknown;
  values(): readonly number[];
}

const events: string[] = [];
beforeEach(() => void events.splice(0));

const plain = (): List => {
  const values: number[] = [];
  return { add: (value) => values.push(value), values: () => values };
};
const recorded: Implementation<List> = {
  create: () => {
    events.push('create');
    return plain();
  },
  dispose: () => void events.push('dispose'),
};
const forgetful: Implementation<List> = { create: () => ({ add: () => 0, values: () => [] }) };

const contract = (): Protocol<List, { readonly numbers: number[] }> =>
  protocol<List>('List')
    .fixture(({ rng }) => ({ numbers: Array.from({ length: 5 }, () => rng()) }))
    .property('what was added is there', ({ subject, fixture: { numbers } }) => {
      for (const value of numbers) subject.add(value);
      const missing = numbers.findIndex((value) => !subject.values().includes(value));
      return missing === -1 || `number ${missing} is not`;
    });

const short = { time: '10ms' } as const;
const measure = async (declaration: Declaration | undefined, round = 0): Promise<RoundResult> =>
  await declaration!.instrument(roundContext({ short: true, round }));

/** The verdict that a run with this one round would give. */
async function verdictOf(declaration: Declaration): Promise<string> {
  const { name, ...plan } = declaration;
  const { measurements } = await measure(declaration);
  const recordedAs = measurements.map(({ metric, data, warnings = [] }): Measurement => ({
    benchmark: name,
    metric,
    data,
    warnings,
    round: 0,
    dropped: 0,
  }));
  const benchmark = { ...plan, id: name, sourceHash: '' };
  const judgements = plan.objectives.map((source) => judgeObjective(benchmark, source, recordedAs));
  return judgeBenchmark(benchmark, judgements, []).kind;
}

describe('an implementation that breaks the contract', () => {
  const declared = (): readonly Declaration[] =>
    contract()
      .property('nothing throws', ({ subject }) => {
        if (subject.values().length === 0) throw new Error('it is empty');
        return true;
      })
      .bench('silent', { run: ({ subject }) => subject.values(), ...short })
      .bench('promising', { run: ({ subject }) => subject.values(), ...short, objectives: ['min < 1h'] })
      .implementedBy({ forgetful });

  it('fails by its properties, which name themselves and a counterexample', async () => {
    const [properties] = declared();
    expect(await measure(properties)).toMatchObject({
      measurements: [
        {
          metric: 'violations',
          data: { kind: 'exact', value: 2 },
          warnings: [
            { code: 'property-violated', message: '"what was added is there" does not hold: number 0 is not' },
            { code: 'property-violated', message: '"nothing throws" does not hold: it throws: it is empty' },
          ],
        },
      ],
    });
    expect(await verdictOf(properties!)).toBe('fail');
  });

  it('wins nothing: all its numbers are spoilt, and no promise of them is kept', async () => {
    const [, silent, promising] = declared();
    const { measurements } = await measure(silent);
    const spoilt = measurements.filter(({ warnings }) => warnings?.some(({ forbids }) => forbids === 'verdict'));
    expect(spoilt.map(({ metric }) => metric)).toEqual(silent!.metrics.map(({ id }) => id).filter((id) => id !== 'violations')); // prettier-ignore
    expect(measurements.at(-1)).toEqual({ metric: 'violations', data: { kind: 'exact', value: 2 } });
    expect(await verdictOf(silent!)).toBe('fail');
    expect(await verdictOf(promising!)).toBe('inconclusive');
  });

  it('is measured as any other one when it is right', async () => {
    const [properties, bench, promising] = contract()
      .bench('silent', { run: ({ subject }) => subject.values(), ...short })
      .bench('promising', { run: ({ subject }) => subject.values(), ...short, objectives: ['min < 1h'] })
      .implementedBy({ plain });
    expect([await verdictOf(properties!), await verdictOf(bench!), await verdictOf(promising!)]).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
  });
});

describe('outcomes of a property', () => {
  const outcome = async (holds: () => unknown): Promise<readonly string[]> => {
    const violations = await protocol<List>('List')
      .property('p', holds as () => boolean)
      .violationsOf(plain);
    return violations.map(({ message }) => message);
  };

  it.each<[string, () => unknown, readonly string[]]>([
    ['true', () => true, []],
    ['a promise of it', () => Promise.resolve(true), []],
    ['false', () => false, ['no counterexample was given']],
    ['a counterexample', () => '3 is odd', ['3 is odd']],
    ['no word', () => '', ['']],
    ['a long one', () => 'x'.repeat(1000), [`${'x'.repeat(300)}…`]],
    ['nothing', () => undefined, ['it gave undefined and not true, false or a counterexample']],
    ['a number', () => 1, ['it gave 1 and not true, false or a counterexample']],
    ['a rejection', () => Promise.reject(new Error('no')), ['it throws: no']],
  ])('%s', async (_what, holds, messages) => {
    expect(await outcome(holds)).toEqual(messages);
  });

  it('each gets a new object and the same random numbers, every time', async () => {
    const seen: unknown[] = [];
    const tried = protocol<List>('List', { seed: 3 })
      .property('a', ({ subject, rng }) => subject.add(1) === 1 && seen.push('a', rng()) > 0)
      .property('b', ({ subject, rng }) => subject.add(1) === 1 && seen.push('b', rng()) > 0);
    expect(await tried.violationsOf(plain)).toEqual([]);
    const first = seen.splice(0);
    expect(await tried.violationsOf(plain)).toEqual([]);
    expect(seen).toEqual(first);
    expect(first[1]).not.toBe(first[3]);
  });

  it('costly ones are tried alone, and not beside a measurement', async () => {
    const tried: string[] = [];
    const [properties, bench] = protocol<List>('List')
      .property('cheap', () => tried.push('cheap') > 0)
      .property('slow', () => tried.push('slow') > 0, { costly: true })
      .bench('a', { run: () => 1, ...short })
      .implementedBy({ plain });
    await measure(bench);
    expect(tried.splice(0)).toEqual(['cheap']);
    await measure(properties);
    expect(tried).toEqual(['cheap', 'slow']);
  });
});

describe('the fixture', () => {
  const inputOf = async (seed: number, numbers: (rng: () => number) => unknown): Promise<string | undefined> => {
    const [bench] = protocol<List>('List', { seed })
      .fixture(({ rng }) => numbers(rng))
      .bench('a', { run: () => 1, ...short })
      .implementedBy({ plain });
    const { input } = await measure(bench);
    expect((await measure(bench, 1)).input).toBe(input);
    return input;
  };

  it('gives every measurement an identity, which is that of the data', async () => {
    const floats = (rng: () => number): unknown => ({ vector: Float32Array.from({ length: 3 }, rng) });
    const input = await inputOf(1, floats);
    expect(input).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await inputOf(1, floats)).toBe(input);
    expect(await inputOf(2, floats)).not.toBe(input);
    expect(await inputOf(2, () => ({ a: 1 }))).toBe(await inputOf(1, () => ({ a: 1 })));
  });

  it('of properties and qualities too', async () => {
    const declared = contract()
      .quality('size', { unit: 'count', better: 'higher', measure: ({ fixture }) => fixture.numbers.length })
      .implementedBy({ plain });
    const [properties, quality] = await Promise.all(declared.map((each) => measure(each)));
    expect(properties!.input).toBe(quality!.input);
    expect(quality!.measurements[0]).toMatchObject({ metric: 'size', data: { kind: 'exact', value: 5 }, warnings: [] });
  });

  it('is none when there is none', async () => {
    const [bench] = protocol<List>('List')
      .bench('a', { run: () => 1, ...short })
      .implementedBy({ plain });
    expect(await measure(bench)).not.toHaveProperty('input');
  });

  it('must be the same each time', async () => {
    let count = 0;
    const declared = protocol<List>('List')
      .fixture(() => ({ count: count++ }))
      .property('fine', () => true)
      .bench('a', { run: () => 1, ...short })
      .implementedBy({ plain });
    for (const each of declared) {
      await expect(measure(each)).rejects.toMatchObject({
        code: 'fixture-not-seeded',
        location: { file: expect.stringMatching(/protocol\.test\.ts$/) as string },
      });
    }
  });

  it('that cannot be named is refused with the line of the protocol', async () => {
    const [bench] = protocol<List>('List')
      .fixture(() => ({ when: Symbol('now') }))
      .bench('a', { run: () => 1, ...short })
      .implementedBy({ plain });
    await expect(measure(bench)).rejects.toMatchObject({ code: 'bad-fixture', location: { line: expect.any(Number) as number } }); // prettier-ignore
  });

  it('that somebody changes is not silent, and the next property gets a fresh one', async () => {
    const [properties, bench] = contract()
      .property('sorts it', ({ fixture: { numbers } }) => numbers.reverse().length === 5)
      .property('sees it as it was', ({ fixture: { numbers } }) => numbers.length === 5)
      .bench('grows it', { run: ({ fixture: { numbers } }) => numbers.push(1), ...short })
      .implementedBy({ plain });
    expect(await measure(properties)).toMatchObject({
      measurements: [{ data: { value: 0 } }],
      warnings: [{ code: 'fixture-changed', message: expect.stringContaining('trying "sorts it"') as string }],
    });
    const { warnings } = await measure(bench);
    expect(warnings?.map(({ code }) => code)).toContain('fixture-changed');
    expect(warnings?.find(({ code }) => code === 'fixture-changed')?.message).toMatch(/^plain changed the fixture/);
  });
});

describe('objects of an implementation', () => {
  it('are made outside the clock and disposed of, one for the work and one for each property', async () => {
    const [, bench] = contract()
      .bench('a', {
        setup: ({ subject }) => void events.push('setup', typeof subject.add),
        run: () => events.push('run'),
        ...short,
      }) // prettier-ignore
      .implementedBy({ recorded });
    await measure(bench);
    const outside = events.filter((event) => event !== 'run');
    expect(outside).toEqual(['create', 'setup', 'function', 'dispose', 'create', 'dispose']);
    expect(events.lastIndexOf('run')).toBeLessThan(events.indexOf('dispose'));
  });

  it('are disposed of after a failure, which is the one to tell', async () => {
    const [failing] = protocol<List>('List')
      .bench('a', { run: () => JSON.parse('{') as unknown, ...short })
      .implementedBy({ mine: { ...recorded, dispose: () => events.push('dispose') && Promise.reject(new Error('too')) } }); // prettier-ignore
    await expect(measure(failing)).rejects.toThrow(SyntaxError);
    expect(events).toEqual(['create', 'dispose']);
  });

  it('get the fixture, and whatever create throws is told as it is', async () => {
    const [bench] = contract()
      .bench('a', { run: ({ subject }) => subject.values().length, ...short })
      .implementedBy({
        broken: ({ fixture }) => {
          throw new Error(`no room for ${fixture.numbers.length}`);
        },
      })
      .slice(1);
    await expect(measure(bench)).rejects.toThrow('no room for 5');
  });
});

test('qualities that are no number', async () => {
  const quality = (value: unknown): Declaration =>
    protocol<List>('List')
      .quality('q', { unit: 'count', better: 'higher', measure: () => value as number, objectives: ['q > 1'] })
      .implementedBy({ plain })[0]!;
  await expect(measure(quality('5'))).rejects.toMatchObject({ code: 'not-a-number', message: 'the quality "q" is "5" and not a number' }); // prettier-ignore
  expect(await verdictOf(quality(NaN))).toBe('inconclusive');
  expect(await verdictOf(quality(2))).toBe('pass');
});

test('a skipped implementation says why, passes, and never touches itself', async () => {
  const [skipped] = contract()
    .bench('a', { run: () => 1 })
    .implementedBy({ mine: { ...recorded, skip: 'not installed' } });
  expect(await measure(skipped)).toEqual({
    measurements: [
      {
        metric: metrics.violations.id,
        data: { kind: 'count', events: 0, trials: 0 },
        warnings: [{ code: 'skipped', message: 'mine was skipped: not installed' }],
      },
    ],
  });
  expect(await verdictOf(skipped!)).toBe('pass');
  expect(events).toEqual([]);
});

test('what must fail passes when it is caught, and fails when it is not', async () => {
  const [caught, missed] = contract().implementedBy({
    caught: { ...forgetful, expected: 'fail' },
    missed: { create: plain, expected: 'fail' },
  });
  expect([await verdictOf(caught!), await verdictOf(missed!)]).toEqual(['pass', 'fail']);
});

test('latency: calls get the state of the setup, which is taken down before the object', async () => {
  const [, latency] = contract()
    .latency('add', {
      setup: ({ subject, fixture: { numbers } }) => ({ subject, numbers }),
      run: ({ setup: { subject, numbers }, index }) => subject.add(numbers[index % 5]!),
      teardown: ({ subject }) => void events.push(`teardown ${new Set(subject.values()).size}`),
      samples: 20,
      objectives: ['p50 < 1s'],
    })
    .implementedBy({ recorded });
  const { measurements } = await measure(latency);
  expect(measurements.map(({ metric }) => metric)).toContain('response-time');
  expect(events.slice(0, 3)).toEqual(['create', 'teardown 5', 'dispose']);
});

test('scaling: every size has its own setup', async () => {
  const sizes: number[] = [];
  const declared = contract()
    .scaling('fill', {
      over: { size: [2, 3] },
      setup: ({ create, parameters: { size } }) => ({ create, size: sizes.push(size) && size }),
      run: async ({ create, size }) => {
        const list = await create();
        for (let i = 0; i < size; i++) list.add(i);
        return list.values();
      },
      ...short,
    })
    .implementedBy({ plain });
  for (const each of declared.slice(1)) await measure(each);
  expect(sizes).toEqual([2, 3]);
});

describe('results are consumed', () => {
  const text = 'lorem ipsum dolor '.repeat(20_000);
  const chunks = (): string[] => Array.from({ length: 360 }, (_, i) => text.slice(i * 1000, (i + 1) * 1000));
  const fastest = async (declaration: Declaration): Promise<number> => {
    const { measurements } = await measure(declaration);
    const times = measurements.find(({ metric }) => metric === 'time')!.data;
    return times.kind === 'sample' ? Math.min(...times.values) : NaN;
  };
  const benchOf = (run: () => unknown): Declaration =>
    protocol<() => void>('Chunker').bench('split', { run, time: '50ms' }).implementedBy({ mine: () => () => undefined })[0]!; // prettier-ignore

  it('slices that nobody reads cost nothing, and here they do', async () => {
    const trap = Math.min(...(await measureBench({ run: chunks, time: '50ms' }, { short: true })).timePerOperation);
    const [consumed, later] = [await fastest(benchOf(chunks)), await fastest(benchOf(() => Promise.resolve(chunks())))];
    expect(consumed / trap).toBeGreaterThan(4);
    expect(later / trap).toBeGreaterThan(4);
    // 360 kB in less than 36 µs would be more than 10 GB/s.
    expect(consumed).toBeGreaterThan(36e3);
  });

  it('a generator that nobody draws from does nothing, and here it is drawn from', async () => {
    let drawn = 0;
    const [bench] = protocol<List>('List')
      .bench('draw', {
        run: function* () {
          yield drawn++;
        },
        ...short,
      })
      .implementedBy({ plain });
    await measure(bench);
    expect(drawn).toBeGreaterThan(100);
  });

  it('but an object that returns itself for chaining is not its own result', async () => {
    const read: string[] = [];
    class Chain {
      get content(): string {
        read.push('content');
        return 'all of it';
      }
    }
    Object.defineProperty(Chain.prototype, 'content', { enumerable: true });
    const [itself, later, other] = protocol<Chain>('Chain')
      .bench('itself', { run: ({ subject }) => subject, ...short })
      .bench('later', { run: ({ subject }) => Promise.resolve(subject), ...short })
      .bench('other', { run: () => new Chain(), ...short })
      .implementedBy({ mine: () => new Chain() });
    await measure(itself);
    await measure(later);
    expect(read).toEqual([]);
    await measure(other);
    expect(read.length).toBeGreaterThan(100);
  });
});
