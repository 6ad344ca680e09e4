import { describe, expect, it, vi } from 'vitest';
import type { ConcurrencySubject } from './concurrency-options.ts';
import { custom } from './invariants/custom.ts';
import { noLostUpdates } from './invariants/no-lost-updates.ts';
import { uniqueValues } from './invariants/unique-values.ts';
import { registerModel } from './linearizability/sequential-model.ts';
import { measureConcurrency } from './measure-concurrency.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const codes = ({ warnings }: { warnings: readonly { code: string }[] }): string[] => warnings.map(({ code }) => code);
const forbidding = ({ warnings }: { warnings: readonly { code: string; forbids?: string | undefined }[] }): string[] =>
  warnings.filter(({ forbids }) => forbids === 'verdict').map(({ code }) => code);

/** A counter in memory: reading, thinking and writing back, with or without keeping the others out meanwhile. */
function counter(): { racy: () => Promise<number>; locked: () => Promise<number>; value: () => number } {
  let value = 0;
  let last: Promise<unknown> = Promise.resolve();
  const racy = async (): Promise<number> => {
    const read = value;
    await Promise.resolve();
    value = read + 1;
    return value;
  };
  const locked = (): Promise<number> => {
    const mine = last.then(racy);
    last = mine;
    return mine;
  };
  return { racy, locked, value: () => value };
}

describe('doubt', () => {
  it('a control that is not caught leaves no pass, and no effect on a violation that was seen', async () => {
    const [good, twin, bad] = [counter(), counter(), counter()];
    const subject = { clients: 5, bursts: 3, invariants: [uniqueValues()], control: { op: twin.locked } };
    const unproven = await measureConcurrency({ ...subject, op: good.locked });
    expect(unproven).toMatchObject({ verdict: 'inconclusive', control: { detected: false, bursts: 3 } });
    expect(forbidding(unproven)).toEqual(['control-not-detected']);
    const broken = await measureConcurrency({ ...subject, op: bad.racy });
    expect(broken.verdict).toBe('fail');
    expect(forbidding(broken)).toEqual([]);
    expect(codes(broken)).toContain('control-not-detected');
  });

  it('a control that fails altogether says so', async () => {
    const { locked } = counter();
    const control = { op: () => Promise.reject(new Error('no such route')) };
    const result = await measureConcurrency({
      clients: 5,
      bursts: 3,
      op: locked,
      invariants: [uniqueValues()],
      control,
    });
    expect(result.warnings.find(({ code }) => code === 'control-not-detected')?.message).toBe(
      'the control is broken, as it says, and was not caught in 3 bursts; it also failed with: no such route',
    );
  });

  it('a search that runs out of time is undecided', async () => {
    const clock = { now: vi.fn(() => (performance.now() * 1e6) as never) };
    const result = await measureConcurrency(
      {
        clients: 40,
        bursts: 1,
        input: ({ client }) => (client < 30 ? { write: client } : { read: true }),
        // Every write overlaps with every read of what nobody wrote.
        op: async ({ input }) => {
          await sleep(5);
          return 'write' in input ? undefined : -1;
        },
        linearizable: { model: registerModel(0), budget: '20ms' },
      },
      { clock },
    );
    expect(result.verdict).toBe('inconclusive');
    expect(result.warnings.find(({ code }) => code === 'undecided')).toMatchObject({
      forbids: 'verdict',
      message: 'linearizable: the search for an order was not finished within 20 ms',
    });
  });

  it('what an operation of an earlier burst may have done late is blamed on nobody', async () => {
    const sold: number[] = [];
    const result = await measureConcurrency({
      clients: 8,
      bursts: 2,
      timeout: '50ms',
      prepare: () => (sold.length = 0),
      op: async ({ index, burst, client }) => {
        // Comes back when the next burst is under way, and its system is at its beginning.
        if (burst === 0 && client === 0) await sleep(60);
        await sleep(burst === 1 && client === 1 ? 30 : 1);
        sold.push(index);
      },
      readBack: () => sold,
      invariants: [
        custom('as many as asked for', ({ readBack }) => (readBack!.length > 8 ? 'one too many' : undefined)),
      ],
    });
    expect(result).toMatchObject({ verdict: 'inconclusive', violations: 0, outcomes: { unknown: 1 } });
    expect(result.warnings.find(({ code }) => code === 'undecided')?.message).toBe(
      'as many as asked for: an operation of an earlier burst, whose outcome is unknown, may have caused this: one too many',
    );
  });

  it('a model may split the search by what operations touch', async () => {
    const values = new Map<string, number>();
    const apply = (state: number): { state: number; value: number } => ({ state: state + 1, value: state + 1 });
    const result = await measureConcurrency({
      clients: 20,
      bursts: 3,
      input: ({ client }) => `key ${client % 5}`,
      op: async ({ input }) => {
        await sleep(1);
        values.set(input, (values.get(input) ?? 0) + 1);
        return values.get(input)!;
      },
      linearizable: { model: { initial: 0, apply, partition: (key: string) => key } },
    });
    expect(result.verdict).toBe('pass');
  });

  it('an invariant that throws is an error that names it', async () => {
    const failing = measureConcurrency({
      clients: 2,
      bursts: 1,
      op: async () => {
        await sleep(1);
        return null as { id: number } | null;
      },
      invariants: [uniqueValues((reply) => (reply as { id: number }).id)],
    });
    await expect(failing).rejects.toMatchObject({ code: 'invariant-threw' });
    await expect(failing).rejects.toThrow(/^the invariant "unique values" threw: Cannot read properties of null/);
  });
});

describe('setup, teardown and the end', () => {
  const unique = [uniqueValues()];

  it('are each once, for the control too, and in order', async () => {
    const events: string[] = [];
    const hands = (name: string): Pick<ConcurrencySubject<number, string>, 'setup' | 'teardown' | 'prepare'> => ({
      setup: () => {
        events.push(`setup ${name}`);
        return name;
      },
      prepare: ({ setup, burst }) => events.push(`prepare ${setup} ${burst}`),
      teardown: (state) => events.push(`teardown ${state}`),
    });
    await measureConcurrency({
      clients: 2,
      bursts: 2,
      op: async ({ index }) => (await sleep(1), index),
      ...hands('subject'),
      invariants: unique,
      control: { ...hands('control'), op: async () => (await sleep(1), 1) },
    });
    const of = (name: string): string[] => [
      `setup ${name}`,
      `prepare ${name} 0`,
      `prepare ${name} 1`,
      `teardown ${name}`,
    ];
    expect(events).toEqual([...of('control'), ...of('subject')]);
  });

  it('takes down after a failure, and shows the failure', async () => {
    const teardown = vi.fn();
    const failing = measureConcurrency({
      clients: 2,
      setup: () => 1,
      prepare: () => Promise.reject(new Error('no table')),
      teardown,
      op: ({ index }) => index,
      invariants: unique,
    });
    await expect(failing).rejects.toThrow('no table');
    expect(teardown).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('stops at once when it is told to, whatever is under way', async () => {
    const teardown = vi.fn();
    const began = performance.now();
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    const hanging = { clients: 3, teardown, op: () => new Promise<number>(() => {}), invariants: unique };
    await expect(measureConcurrency(hanging, { signal: controller.signal })).rejects.toBe(reason);
    await expect(
      measureConcurrency({ ...hanging, setup: () => new Promise(() => {}) }, { signal: AbortSignal.timeout(20) }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(teardown).toHaveBeenCalledTimes(1);
  });

  it('is two bursts when it is a rehearsal, and says where it is', async () => {
    const lines: string[] = [];
    const result = await measureConcurrency(
      { clients: 2, op: async ({ index }) => (await sleep(300), index), invariants: unique },
      { short: true, onProgress: (text) => lines.push(text) },
    );
    expect(result.bursts).toBe(2);
    expect(lines.at(-1)).toBe('burst 2 of 2');
  });

  it('reads back a list', async () => {
    const wrong = measureConcurrency({
      clients: 2,
      op: ({ index }) => index,
      readBack: () => 5 as unknown as number[],
      invariants: [noLostUpdates()],
    });
    await expect(wrong).rejects.toMatchObject({ code: 'bad-read-back', exitCode: 2 });
  });
});
