import { setImmediate } from 'node:timers/promises';
import { createRng, type PerfError } from '@perfkeel/core';
import { describe, expect, it, test } from 'vitest';
import { obtainGarbageCollector } from '../garbage-collector.ts';
import { growthPerPhase, type PhaseStep } from './phase-growth.ts';
import { PhaseMarks } from './phase-marks.ts';
import { checkPhases, describePhase, phaseMeasurements } from './phase-metrics.ts';
import type { HeapReading } from '../heap-reader.ts';

interface Keeping {
  readonly name: string;
  readonly occurrences?: number;
  readonly heap?: number;
  readonly external?: number;
}

/** Rounds of phases, each of which keeps the same every time; what lies between two rounds keeps 9 kB. */
function steps(phases: readonly Keeping[], rounds: number): PhaseStep[] {
  let reading: HeapReading = { heap: 5e6, external: 1e6, rss: 60e6 };
  return Array.from({ length: rounds }, () => {
    reading = { ...reading, heap: reading.heap + 9000 };
    return phases.map(({ name, occurrences = 1, heap = 0, external = 0 }): PhaseStep => {
      const before = reading;
      reading = { ...reading, heap: reading.heap + heap, external: reading.external + external };
      return { name, occurrences, before, after: reading };
    });
  }).flat();
}

describe('the growth of phases', () => {
  const switching = { name: 'switch', heap: 4096 };
  const answering = { name: 'answer', occurrences: 100 };

  it('is that of each alone, and not what happens between them', () => {
    const [first, second] = growthPerPhase(steps([switching, answering], 60));
    expect(first).toMatchObject({ name: 'switch', verdict: 'leak', reason: 'steady', phases: 60, occurrences: 60 });
    expect(first!.perOccurrence.value).toBeCloseTo(4096, 6);
    expect(first!.bytes).toBe(60 * 4096);
    expect(second).toMatchObject({ name: 'answer', verdict: 'stable', occurrences: 6000, bytes: 0 });
    expect(second!.resolution).toBeLessThan(32 * 1024 * 1.1 * (1 / 3000));
  });

  it('is told per occurrence, on the heap and outside of it', () => {
    const found = growthPerPhase(steps([{ name: 'upload', occurrences: 10, heap: 10_000, external: 100_000 }], 50));
    expect(found[0]!.perOccurrence.value).toBeCloseTo(11_000, 6);
    expect(found[0]!.bytes).toBe(50 * 110_000);
  });

  it('of few phases is what was seen, and bounded by nothing', () => {
    const [few] = growthPerPhase(steps([switching], 12));
    expect(few).toMatchObject({ verdict: 'inconclusive', reason: 'short', phases: 12 });
    expect(few!.perOccurrence).toMatchObject({ value: 4096, lo: 0, hi: Infinity });
    expect(describePhase(few!)).toBe('switch, 12 times in 12 phases, too few to decide: 49.2 KB more than before');
  });

  it('of thousands of phases takes no longer than that of eighty', () => {
    const [many] = growthPerPhase(steps([switching], 4001));
    expect(many!.perOccurrence.value).toBeCloseTo(4096, 6);
    expect(many!.occurrences).toBe(4001);
  });

  it('of few is not called a leak when the engine may have added it: little, and irregularly', () => {
    const rng = createRng(3);
    const irregular = Array.from({ length: 60 }, () => ({ ...switching, heap: Math.round(4096 * rng()) }));
    let heap = 5e6;
    const lined = irregular.map(({ heap: kept }): PhaseStep => {
      const reading = { heap, external: 0, rss: 60e6 };
      heap += kept;
      return { name: 'switch', occurrences: 1, before: reading, after: { ...reading, heap } };
    });
    expect(growthPerPhase(lined)[0]).toMatchObject({ verdict: 'inconclusive', reason: 'decelerating' });
    expect(growthPerPhase(lined, 1, 50_000)[0]).toMatchObject({ verdict: 'leak', reason: 'steady' });
  });

  it('where only the resident set is known is judged by that', () => {
    const blind = steps([switching], 60).map((step, i) => {
      const at = (rounds: number): HeapReading => ({ heap: NaN, external: NaN, rss: 60e6 + rounds * 1e6 });
      return { ...step, before: at(i), after: at(i + 1) };
    });
    expect(growthPerPhase(blind)[0]).toMatchObject({ verdict: 'leak', bytes: 60e6 });
  });
});

describe('what one phase takes and another gives back', () => {
  const took = (name: string, heap: number): Keeping => ({ name, heap });
  const found = (...phases: readonly Keeping[]) =>
    new Map(growthPerPhase(steps(phases, 60)).map((growth) => [growth.name, growth]));

  it.each<[string, readonly Keeping[]]>([
    ['later in the cycle', [took('open', 1e6), took('use', 0), took('close', -1e6)]],
    ['before it is taken again', [took('close', -1e6), took('open', 1e6), took('use', 0)]],
    ['in two parts', [took('open', 1e6), took('use', 0), took('close', -7e5), took('sweep', -3e5)]],
    ['with what another one took', [took('begin', 5e5), took('open', 1e6), took('use', 0), took('close', -15e5)]],
  ])('is not kept: %s', (_, phases) => {
    const growth = found(...phases);
    expect([...growth.values()].map(({ verdict }) => verdict)).not.toContain('leak');
    expect(growth.get('open')).toMatchObject({ verdict: 'stable', occurrences: 60, phases: 60 });
    expect(growth.get('open')!.givenBackBy).toContain('close');
    expect(growth.get('use')!.givenBackBy).toBeUndefined();
    expect(describePhase(growth.get('open')!)).toMatch(/^open, 60 times .* keeps nothing: .*"close".* is taken off$/);
  });

  it('leaves what remains of it, to the innermost that may have kept it', () => {
    const growth = found(took('a', 1e6), took('b', 2e6), took('end b', -2e6), took('end a', -1e6 + 8192));
    expect(growth.get('a')).toMatchObject({ verdict: 'leak', bytes: 60 * 8192, givenBackBy: ['end a'] });
    expect(growth.get('a')!.perOccurrence.value).toBeCloseTo(8192, 6);
    expect(growth.get('b')).toMatchObject({ verdict: 'stable', givenBackBy: ['end b'] });
  });

  it('leaves open whose it is, when one phase gives back for two', () => {
    const growth = found(took('a', 1e6), took('b', 2e6), took('end', -25e5));
    for (const name of ['a', 'b']) {
      expect(growth.get(name)).toMatchObject({
        verdict: 'inconclusive',
        givenBackBy: ['end'],
        perOccurrence: { lo: 0 },
      });
    }
    expect(growth.get('b')!.perOccurrence.hi).toBeCloseTo(2e6, 0);
  });

  it('is told from noise, of which no phase is accused', () => {
    const rng = createRng(11);
    let heap = 5e6;
    const moved = Array.from({ length: 60 }, () =>
      (['open', 'use', 'close'] as const).map((name): PhaseStep => {
        const before = { heap, external: 0, rss: 60e6 };
        heap += { open: 1e5, use: 0, close: -1e5 }[name] + Math.round(40_000 * (rng() - 0.5));
        return { name, occurrences: 1, before, after: { ...before, heap } };
      }),
    ).flat();
    for (const { verdict } of growthPerPhase(moved)) expect(verdict).not.toBe('leak');
  });
});

describe('marks', () => {
  const readings = [0, 0, 100, 100].map((heap) => ({ heap, external: 0, rss: 0 }));

  it('do nothing until somebody reads, and then end the phase before', async () => {
    const marks = new PhaseMarks(['a', 'b']);
    await marks.mark('a');
    expect(marks.steps).toEqual([]);
    const left = [...readings];
    marks.readBy(() => Promise.resolve(left.shift()!));
    await marks.mark('a');
    await marks.mark('b', 7);
    await marks.endCycle();
    await marks.endCycle();
    expect(
      marks.steps.map(({ name, occurrences, before, after }) => [name, occurrences, before.heap, after.heap]),
    ).toEqual([
      ['a', 1, 0, 0],
      ['b', 7, 0, 100],
    ]);
  });

  it('keep no object of a step: that would be growth of the process that is looked at', async () => {
    const marks = new PhaseMarks(['a']);
    const given: WeakRef<HeapReading>[] = [];
    marks.readBy(() => {
      const reading = { heap: 1000 * given.length, external: 7, rss: NaN };
      given.push(new WeakRef(reading));
      return Promise.resolve(reading);
    });
    for (let i = 0; i < 4; i++) await marks.mark('a', i + 1);
    await setImmediate();
    obtainGarbageCollector()();
    expect(given.slice(0, 3).map((each) => each.deref())).toEqual([undefined, undefined, undefined]);
    expect(marks.steps).toEqual(
      [1, 2, 3].map((occurrences) => ({
        ...{ name: 'a', occurrences },
        before: { heap: 1000 * (occurrences - 1), external: 7, rss: NaN },
        after: { heap: 1000 * occurrences, external: 7, rss: NaN },
      })),
    );
  });

  it('do nothing any more once nobody reads', async () => {
    const marks = new PhaseMarks(['a']);
    let read = 0;
    marks.readBy(() => Promise.resolve({ heap: ++read, external: 0, rss: 0 }));
    await marks.mark('a');
    await marks.endCycle();
    marks.readBy(undefined);
    await marks.mark('a');
    expect([read, marks.steps.length]).toEqual([2, 1]);
  });

  it('refuse what was not declared, from the first cycle on, at its own line', async () => {
    const marks = new PhaseMarks(['switch']);
    const refused = (await marks.mark('swich').catch((error: unknown) => error)) as PerfError;
    expect(refused).toMatchObject({ exitCode: 2, hint: 'Did you mean "switch"?' });
    expect(refused.location!.file).toContain('phase-growth.test.ts');
    await expect(marks.mark('answer')).rejects.toMatchObject({ hint: "Declare it: phases: ['switch', 'answer']." });
    await expect(marks.mark('switch', 0)).rejects.toThrow('has 0 occurrences');
  });
});

describe('a declaration of phases', () => {
  test.each<[unknown, number | undefined, boolean, RegExp]>([
    ['switch', 1, true, /not a list/],
    [[], 1, true, /not a list/],
    [['two words'], 1, true, /no name of a phase/],
    [['a', 'a'], 1, true, /one name/],
    [['a'], 1, false, /nothing that marks/],
    [['a'], 8, true, /overlap/],
  ])('%j by %s clients is refused', (phases, clients, hasMarks, message) => {
    expect(() => checkPhases(phases, clients, hasMarks)).toThrow(message);
  });

  it('whose phase is never marked is told so, and decides nothing', () => {
    const [measured] = phaseMeasurements(['never'], []);
    expect(measured).toMatchObject({ metric: 'growth-of-never', warnings: [{ code: 'never-marked' }] });
    expect(measured!.data).toMatchObject({ estimate: { lo: -Infinity, hi: Infinity } });
  });
});
