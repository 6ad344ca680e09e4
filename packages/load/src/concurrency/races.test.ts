import { describe, expect, it } from 'vitest';
import type { ConcurrencySubject } from './concurrency-options.ts';
import { conserved } from './invariants/conserved.ts';
import { atMost } from './invariants/at-most.ts';
import { disjointRanges } from './invariants/disjoint-ranges.ts';
import { exactlyOnce } from './invariants/exactly-once.ts';
import { noLostUpdates } from './invariants/no-lost-updates.ts';
import { uniqueValues } from './invariants/unique-values.ts';
import { counterModel, registerModel } from './linearizability/sequential-model.ts';
import { measureConcurrency } from './measure-concurrency.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
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

describe('a race in memory', () => {
  it('is found, with a counterexample, in every burst', async () => {
    const { racy } = counter();
    const result = await measureConcurrency({ clients: 10, bursts: 5, op: racy, invariants: [uniqueValues()] });
    expect(result).toMatchObject({ verdict: 'fail', violations: 5, violatedBursts: 5, bursts: 5 });
    expect(result.findings[0]?.violations[0]?.message).toMatch(
      /^1 was given 10 times: to client \d in burst 0, client \d in burst 0, client \d in burst 0 and 7 more$/,
    );
    expect(result.outcomes).toEqual({ ok: 50, error: 0, unknown: 0 });
    expect(result.responseTime.count).toBe(50);
  });

  it('is not there behind a lock: passes, and says how rare a violation may still be', async () => {
    const { locked, value } = counter();
    const twin = counter();
    const result = await measureConcurrency({
      clients: 10,
      bursts: 20,
      op: locked,
      readBack: () => [value()],
      invariants: [uniqueValues(), conserved({ change: () => 1 })],
      linearizable: { model: counterModel() },
      control: { op: twin.racy, readBack: () => [twin.value()] },
    });
    expect(result).toMatchObject({ verdict: 'pass', violations: 0, overlap: { mostInFlight: 10, share: 1 } });
    // 1 - 0.05 ** (1 / 20): a little less than 3 / 20.
    expect(result.upperBound).toBeCloseTo(0.1391, 4);
    expect(result.control).toMatchObject({ detected: true, bursts: 20, violatedBursts: 20 });
    expect(forbidding(result)).toEqual([]);
    expect(result.warnings.find(({ code }) => code === 'no-violation-seen')?.message).toBe(
      'no violation in 20 bursts of 10 clients: with 95 % confidence less than 13.9 % of such bursts have one',
    );
  });

  it('shows as a total that is not conserved, as updates that are lost, and as an order that does not exist', async () => {
    const racy = counter();
    const lost = await measureConcurrency({
      clients: 8,
      bursts: 4,
      op: racy.racy,
      readBack: () => [racy.value()],
      invariants: [conserved({ change: () => 1 })],
      linearizable: { model: counterModel() },
    });
    expect(lost.findings.map(({ violations }) => violations.length)).toEqual([1, 1]);
    expect(lost.findings[0]?.violations[0]?.message).toBe('the total is 4 at the end, and 32 was to be conserved');
    expect(lost.findings[1]?.violations[0]?.message).toMatch(
      /^no order of the operations explains client \d in burst 0: 1; at the same time: client \d in burst 0: 1, /,
    );

    const list: { items: number[] } = { items: [] };
    const overwritten = await measureConcurrency({
      clients: 6,
      op: async ({ index }) => {
        const { items } = list;
        await Promise.resolve();
        list.items = [...items, index];
        return index;
      },
      readBack: () => list.items,
      invariants: [noLostUpdates(), exactlyOnce()],
    });
    expect(overwritten.findings.map(({ violations }) => violations.length)).toEqual([100, 100]);
  });

  it('of ranges and of seats', async () => {
    const stock = { next: 1, seats: 3 };
    const ranges = await measureConcurrency({
      clients: 5,
      bursts: 3,
      op: async () => {
        const from = stock.next;
        await Promise.resolve();
        stock.next = from + 10;
        return { from, to: from + 9 };
      },
      invariants: [disjointRanges((reply: { from: number; to: number }) => [reply.from, reply.to])],
    });
    expect(ranges.violations).toBe(12);

    const sell = async (): Promise<string> => {
      if (stock.seats === 0) throw new Error('sold out');
      await Promise.resolve();
      stock.seats -= 1;
      return 'sold';
    };
    const seats = {
      clients: 5,
      bursts: 4,
      op: sell,
      prepare: ({ burst }: { burst: number }) => (stock.seats = 1 + burst),
      errorsExpected: true,
      invariants: [atMost(1)],
    } satisfies ConcurrencySubject<string>;
    // `prepare` makes a history of each burst, so every burst is judged by itself.
    expect(await measureConcurrency(seats)).toMatchObject({ violations: 4, violatedBursts: 4 });
  });

  it('of a register is explained by no order of reads and writes', async () => {
    const cache = { value: 0, stale: 0 };
    const subject = {
      clients: 6,
      bursts: 6,
      input: ({ client, index }: { client: number; index: number }) => (client < 2 ? { write: index } : { read: true }),
      prepare: () => (cache.value = cache.stale = 0),
      linearizable: { model: registerModel(0) },
    };
    const good = await measureConcurrency({
      ...subject,
      op: async ({ input, client }) => {
        await sleep(client % 3);
        return 'write' in input ? void (cache.value = input.write) : cache.value;
      },
    });
    expect(good).toMatchObject({ verdict: 'pass', findings: [{ examined: 36 }] });
    const stale = await measureConcurrency({
      ...subject,
      op: async ({ input, client, index }) => {
        if (client === 5) await sleep(5);
        return 'write' in input ? void (cache.value = input.write) : client === 5 ? -index - 1 : cache.value;
      },
    });
    expect(stale).toMatchObject({ verdict: 'fail', violations: 6 });
  });
});
