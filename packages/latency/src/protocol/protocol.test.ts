import { beforeEach, describe, expect, it, test } from 'vitest';
import { protocol, type Implementation, type Protocol } from '@perfkeel/latency';
import { declarations, declare, metrics, type Declaration, type PerfError } from '@perfkeel/core';

interface Store {
  add(value: number): void;
  has(value: number): boolean;
}

// Files that share this process leave what they have declared.
const collected = declarations() as Declaration[];
beforeEach(() => void collected.splice(0));

const inSet = (): Store => {
  const values = new Set<number>();
  return { add: (value) => void values.add(value), has: (value) => values.has(value) };
};

const start = (): Protocol<Store, number[]> =>
  protocol<Store>('Store').fixture(({ rng }) => Array.from({ length: 10 }, () => rng()));

const full = (): Protocol<Store, number[]> =>
  start()
    .property('what was added is there', ({ subject, fixture }) => {
      subject.add(fixture[0]!);
      return subject.has(fixture[0]!);
    })
    .quality('hit rate@10', { unit: 'ratio', better: 'higher', measure: () => 1, objectives: ['hit rate@10 > 50%'] })
    .bench('has', { run: ({ subject, fixture }) => subject.has(fixture[0]!), objectives: ['median < 1s'] })
    .latency('add', { run: ({ setup, index }) => setup.subject.add(index) })
    .scaling('fill', {
      over: { size: [1, 2], shape: ['flat'] },
      setup: ({ create, parameters: { size, shape } }) => ({ create, size, shape }),
      run: ({ size, shape }) => size + shape.length,
    });

const shown = ({ name, kind, group, variant, primary, rounds, objectives }: Declaration): unknown => [
  name,
  { kind, group, ...variant, primary, rounds, objectives: objectives.join() },
];

test('every member of every implementation is one declaration', () => {
  const declared = full().implementedBy({ set: inSet, other: { create: inSet } });
  expect(declared).toEqual(declarations());
  expect(declared).toHaveLength(12);
  const set = { implementation: 'set' };
  expect(declared.slice(0, 6).map(shown)).toEqual([
    [
      'Store properties [set]',
      {
        kind: 'property',
        group: 'Store properties',
        family: 'Store properties',
        parameters: set,
        role: 'property',
        primary: 'violations',
        rounds: 1,
        objectives: 'violations = 0',
      },
    ],
    [
      'Store hit rate@10 [set]',
      {
        kind: 'quality',
        group: 'Store hit rate@10',
        family: 'Store hit rate@10',
        parameters: set,
        role: 'quality',
        primary: 'hit-rate-at-10',
        rounds: 1,
        objectives: 'hit-rate-at-10 > 50%',
      },
    ],
    ['Store has [set]', timed('bench', 'has', set, 'time', 'median < 1s')],
    ['Store add [set]', timed('latency', 'add', set, 'response-time', 'errors < 5%,violations = 0')],
    [
      'Store fill [set, size=1, shape=flat]',
      timed('bench', 'fill', { ...set, size: 1, shape: 'flat' }, 'time', 'violations = 0'),
    ],
    [
      'Store fill [set, size=2, shape=flat]',
      timed('bench', 'fill', { ...set, size: 2, shape: 'flat' }, 'time', 'violations = 0'),
    ],
  ]);
  expect(declared[6]!.name).toBe('Store properties [other]');
  expect(declared.slice(1, 6).every((each) => each.metrics.includes(metrics.violations))).toBe(true);
});

function timed(kind: string, member: string, parameters: object, primary: string, objectives: string): unknown {
  const name = `Store ${member}`;
  return { kind, group: name, family: name, parameters, role: 'alternative', primary, rounds: 5, objectives };
}

test('without properties nothing speaks of violations', () => {
  const [declared] = protocol<Store>('Store')
    .bench('has', { run: ({ subject }) => subject.has(1) })
    .implementedBy({ set: inSet });
  expect(declared!.metrics).not.toContain(metrics.violations);
  expect(declared!.objectives).toEqual([]);
});

test('costly properties speak for themselves alone', () => {
  const declared = start()
    .property('slow', () => true, { costly: true })
    .bench('has', { run: () => 1 })
    .implementedBy({ set: inSet });
  expect(declared.map((each) => each.objectives)).toEqual([['violations = 0'], []]);
});

test('rounds and tags of the protocol are those of its members', () => {
  const declared = protocol<Store>('Store', { rounds: 2, tags: ['nightly'] })
    .property('fine', () => true)
    .bench('has', { run: () => 1, tags: ['fast'] })
    .latency('add', { run: () => 1, rounds: 7 })
    .implementedBy({ set: inSet });
  expect(declared.map(({ rounds, tags }) => ({ rounds, tags }))).toEqual([
    { rounds: 1, tags: ['nightly'] },
    { rounds: 2, tags: ['nightly', 'fast'] },
    { rounds: 7, tags: ['nightly'] },
  ]);
});

test('a skipped implementation has one declaration, which promises nothing', () => {
  const declared = full().implementedBy({ set: { create: inSet, skip: 'not installed' } });
  expect(declared.map(({ name, objectives }) => [name, objectives])).toEqual([['Store properties [set]', []]]);
});

test('an implementation that must fail is tried, and not measured', () => {
  const declared = full().implementedBy({ wrong: { create: inSet, expected: 'fail' } });
  expect(declared.map(({ name, expected }) => [name, expected])).toEqual([['Store properties [wrong]', 'fail']]);
});

const custom = (name: string): Declaration =>
  declare({
    name,
    kind: 'leak',
    metrics: [metrics.growth],
    primary: metrics.growth.id,
    quantiles: false,
    objectives: ['growth < 1B/op'],
    rounds: 4,
    tags: [],
    instrument: () => Promise.resolve({ measurements: [] }),
  });

test('any noun can be a member; growth has no order', () => {
  const [declared] = start()
    .member('fill and drop', ({ name }) => custom(name))
    .implementedBy({ set: inSet });
  expect(declared).toMatchObject({
    name: 'Store fill and drop [set]',
    kind: 'leak',
    rounds: 4,
    objectives: ['growth < 1B/op'],
    variant: { family: 'Store fill and drop', parameters: { implementation: 'set' }, role: undefined },
    location: { file: expect.stringContaining('protocol.test.ts') as string },
  });
});

test('a noun that makes a family keeps its parameters', () => {
  const declared = start()
    .member('fill', ({ name }) =>
      [1, 2].map((size) => declare({ ...custom(`${name} ${size}`), variant: { family: name, parameters: { size } } })),
    )
    .implementedBy({ set: inSet });
  // custom declares too: four, of which two have parameters.
  expect(declared.map(({ name }) => name).filter((name) => name.includes('size'))).toEqual([
    'Store fill [set, size=1]',
    'Store fill [set, size=2]',
  ]);
});

describe('mistakes are shown at the line of the user', () => {
  const store = (): Protocol<Store, undefined> => protocol<Store>('Store');
  /** Plain JavaScript, or types that nobody looked at. */
  const loose = (): Record<string, (...args: unknown[]) => unknown> => store() as never;
  const implement = (implementation: unknown): unknown =>
    store()
      .bench('has', { run: () => 1 })
      .implementedBy({ mine: implementation as Implementation<Store> });

  it.each<[string, () => unknown, Partial<PerfError>]>([
    [
      'no name',
      () => protocol(' '),
      { code: 'bad-protocol', message: 'a protocol needs a name, and this is " "', excerpt: 'protocol' },
    ],
    [
      'the fixture as an option',
      () => protocol('Store', { fixture: () => 1 } as never),
      { code: 'bad-protocol', hint: 'Write .fixture(({ rng }) => …) behind it.', excerpt: 'fixture' },
    ],
    ['a seed that is none', () => protocol('Store', { seed: -1 }), { code: 'bad-option', excerpt: 'seed' }],
    ['rounds of nothing', () => protocol('Store', { rounds: 0 }), { code: 'bad-option', excerpt: 'rounds' }],
    ['tags without a list', () => protocol('Store', { tags: 'x' as never }), { excerpt: 'tags' }],
    [
      'a fixture behind what works on it',
      () =>
        store()
          .bench('has', { run: () => 1 })
          .fixture(() => 1),
      { code: 'bad-protocol', excerpt: 'fixture' },
    ],
    ['two fixtures', () => start().fixture(() => 1), { code: 'bad-protocol', excerpt: 'fixture' }],
    ['no property', () => loose()['property']!('a'), { code: 'bad-option', excerpt: 'holds' }],
    [
      'a misspelt option of a property',
      () => store().property('a', () => true, { cosly: true } as never),
      { message: 'property("a") has no option "cosly"', excerpt: 'cosly' },
    ],
    [
      'one name twice',
      () =>
        store()
          .bench('a', { run: () => 1 })
          .latency('a', { run: () => 1 }),
      { message: 'two members of Store are called "a"', excerpt: 'a' },
    ],
    ['a name that is taken', () => store().bench('properties', { run: () => 1 }), { excerpt: 'properties' }],
    ['nothing to run', () => loose()['bench']!('a', {}), { code: 'bad-option', excerpt: 'run' }],
    ['no options', () => loose()['bench']!('a'), { code: 'bad-option' }],
    [
      'a misspelt option',
      () => store().bench('a', { run: () => 1, objective: ['median < 1s'] } as never),
      { code: 'unknown-option', message: 'bench("a") has no option "objective"', excerpt: 'objective' },
    ],
    [
      'parameters of a bench',
      () => store().bench('a', { run: () => 1, over: { size: [1] } } as never),
      { code: 'unknown-option', excerpt: 'over' },
    ],
    [
      'a parameter called implementation',
      () => store().scaling('a', { over: { implementation: [1] }, run: () => 1 }),
      { code: 'bad-option', excerpt: 'over' },
    ],
    [
      'a word to vary',
      () => loose()['scaling']!('a', { run: () => 1, over: 'x' }),
      { code: 'bad-option', excerpt: 'over' },
    ],
    ['nothing to vary', () => loose()['scaling']!('a', { run: () => 1 }), { code: 'bad-option', excerpt: 'over' }],
    [
      'a quality without a number',
      () => store().quality('a', { unit: 'ratio', better: 'higher' } as never),
      { code: 'bad-option', excerpt: 'measure' },
    ],
    [
      'a unit that is none',
      () => store().quality('a', { unit: 'percent', better: 'higher', measure: () => 1 } as never),
      { code: 'bad-option', excerpt: 'unit' },
    ],
    [
      'a quality that is no word',
      () => store().quality('10', { unit: 'ratio', better: 'higher', measure: () => 1 }),
      { code: 'bad-name', excerpt: '10' },
    ],
    [
      'a quality with the name of the properties',
      () => store().quality('violations', { unit: 'count', better: 'lower', measure: () => 1 }),
      { code: 'bad-name', excerpt: 'violations' },
    ],
    ['no implementation', () => full().implementedBy({}), { code: 'bad-implementation', excerpt: 'implementedBy' }],
    ['no members', () => store().implementedBy({ set: inSet }), { code: 'bad-protocol', excerpt: 'implementedBy' }],
    [
      'an object of the implementation',
      () => implement(inSet()),
      { message: expect.stringContaining('"add"') as string },
    ],
    ['an implementation without create', () => implement({}), { message: 'the implementation mine has no create' }],
    [
      'a promise of a reason',
      () => implement({ create: inSet, skip: Promise.resolve('a') }),
      { message: 'skip of mine is an object; expected a reason in words, or undefined', excerpt: 'skip' },
    ],
    [
      'a failure that nothing could show',
      () => implement({ create: inSet, expected: 'fail' }),
      { message: 'mine is expected to fail, and Store has no property that could' },
    ],
    [
      'a member behind the implementations',
      () => {
        const closed = full();
        closed.implementedBy({ set: inSet });
        return closed.bench('late', { run: () => 1 });
      },
      { message: '"late" comes after implementedBy, and would not be measured' },
    ],
    [
      'a wrong objective',
      () =>
        store()
          .bench('a', { run: () => 1, objectives: ['p99 < 1s'] as never })
          .implementedBy({ set: inSet }),
      { code: 'bad-objective', excerpt: 'p99 < 1s' },
    ],
    [
      'a wrong objective of a quality',
      () =>
        store()
          .quality('recall@10', { unit: 'ratio', better: 'higher', measure: () => 1, objectives: ['recall@10 > 1s'] })
          .implementedBy({ set: inSet }),
      {
        message: '"recall@10 > 1s" is not an objective: recall@10 is measured in per cent, and "1s" is in time',
        excerpt: 'recall@10 > 1s',
      },
    ],
    [
      'a member that declares nothing',
      () =>
        store()
          .member('a', () => [] as never)
          .implementedBy({ set: inSet }),
      { code: 'nothing-declared' },
    ],
    [
      'a member that declares later',
      () => store().member('a', (async ({ name }: { name: string }) => Promise.resolve(custom(name))) as never).implementedBy({ set: inSet }), // prettier-ignore
      { code: 'nothing-declared' },
    ],
  ])('%s', (_what, mistake, error) => {
    let thrown: unknown;
    try {
      mistake();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toMatchObject({
      ...error,
      exitCode: 2,
      hint: expect.any(String) as string,
      location: { file: expect.stringMatching(/protocol\.test\.ts$/) as string },
    });
  });

  it('the line is that of the member', () => {
    const line = (): number => Number([...new Error().stack!.matchAll(/protocol\.test\.ts:(\d+)/g)][1]![1]);
    const before = line();
    const contract = start()
      .bench('fine', { run: () => 1 })
      .bench('wrong', { run: () => 1, time: 'soon' as never });
    const declareAll = (): unknown => contract.implementedBy({ set: inSet });
    expect(declareAll).toThrow(expect.objectContaining({ location: expect.objectContaining({ line: before + 3 }) as object }) as Error); // prettier-ignore
    expect(declarations()).toHaveLength(1);
  });
});

test('the types know what a member works with', () => {
  const contract = start().bench('right', {
    setup: ({ subject, fixture }) => ({ store: subject, first: fixture[0]!.toFixed(2) }),
    run: ({ store, first }) => store.has(Number(first)),
  });
  // Compiled, and never called.
  const refused = (): unknown => [
    // @ts-expect-error the fixture has numbers
    contract.property('a', ({ fixture }) => fixture[0]!.length === 1),
    // @ts-expect-error a property says something
    contract.property('b', () => undefined),
    // @ts-expect-error a store has no size
    contract.bench('c', { run: ({ subject }) => Number(subject.size) }),
    // @ts-expect-error the state is what setup returned
    contract.bench('d', { setup: ({ subject }) => ({ store: subject }), run: ({ subject }) => Number(subject) }),
    // @ts-expect-error another name than that of the quality
    contract.quality('e', { unit: 'ratio', better: 'higher', measure: () => 1, objectives: ['f > 50%'] }),
    contract.scaling('g', {
      over: { size: [1] },
      // @ts-expect-error sizes are numbers
      setup: ({ parameters: { size } }) => Number(size.length),
      run: () => 1,
    }),
    // @ts-expect-error a time needs a unit
    contract.latency('h', { run: () => 1, objectives: ['p99 < 1'] }),
    // @ts-expect-error no store
    contract.implementedBy({ map: () => new Map<number, number>() }),
  ];
  expect(refused).toHaveLength(0);
  expect(contract.implementedBy({ set: inSet }).map(({ name }) => name)).toEqual(['Store right [set]']);
});
