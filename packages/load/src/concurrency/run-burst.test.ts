import { describe, expect, it } from 'vitest';
import type { ConcurrencySubject } from './concurrency-options.ts';
import { uniqueValues } from './invariants/unique-values.ts';
import { measureConcurrency } from './measure-concurrency.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const forbidding = ({ warnings }: { warnings: readonly { code: string; forbids?: string | undefined }[] }): string[] =>
  warnings.filter(({ forbids }) => forbids === 'verdict').map(({ code }) => code);

describe('the barrier', () => {
  it('builds everything first, and begins all operations in one turn, in a random order', async () => {
    const events: string[] = [];
    const turns: number[] = [];
    let turn = 0;
    const orders = async (seed: number): Promise<number[]> => {
      const order: number[] = [];
      await measureConcurrency(
        {
          clients: 12,
          bursts: 1,
          input: ({ client }) => events.push(`input ${client}`),
          op: async ({ client }) => {
            events.push('op');
            turns.push(turn);
            order.push(client);
            await sleep(1);
            return client;
          },
          invariants: [uniqueValues()],
        },
        { seed },
      );
      return order;
    };
    const counting = setInterval(() => turn++, 0);
    const order = await orders(1);
    clearInterval(counting);
    expect(events.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, i) => `input ${i}`));
    expect(new Set(turns).size).toBe(1);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(await orders(1)).toEqual(order);
    expect(await orders(2)).not.toEqual(order);
  });

  it('gives every operation an index of its own, and waits for a burst to end before the next', async () => {
    let running = 0;
    const seen: string[] = [];
    const result = await measureConcurrency({
      clients: 3,
      bursts: 2,
      setup: () => ({ base: 100 }),
      op: async ({ client, burst, index, attempt, setup }) => {
        seen.push(`${burst} ${client} ${index} ${attempt}`);
        expect(++running).toBeLessThanOrEqual(3);
        await sleep(1);
        running -= 1;
        return setup.base + index;
      },
      invariants: [uniqueValues()],
    });
    expect(seen.sort()).toEqual(['0 0 0 0', '0 1 1 0', '0 2 2 0', '1 0 3 0', '1 1 4 0', '1 2 5 0']);
    expect(result.operations.map(({ value }) => value)).toEqual([100, 101, 102, 103, 104, 105]);
    expect(result.operations.every(({ callAt, returnAt }) => callAt >= 0 && returnAt > callAt)).toBe(true);
  });

  it('does not take what runs without a pause for a race', async () => {
    let next = 0;
    const result = await measureConcurrency({ clients: 10, bursts: 3, op: () => next++, invariants: [uniqueValues()] });
    expect(result).toMatchObject({ verdict: 'inconclusive', overlap: { mostInFlight: 1, share: 0 } });
    expect(forbidding(result)).toEqual(['too-little-overlap']);
  });
});

describe('outcomes', () => {
  const unique = [uniqueValues()];
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  it('without an answer in time is unknown, and neither success nor failure', async () => {
    const signals: AbortSignal[] = [];
    const result = await measureConcurrency({
      clients: 20,
      bursts: 2,
      timeout: '60ms',
      op: async ({ client, index, signal }) => {
        await sleep(1);
        if (client > 0) return index;
        signals.push(signal);
        return new Promise<number>(() => {});
      },
      invariants: unique,
    });
    expect(result.outcomes).toEqual({ ok: 38, error: 0, unknown: 2 });
    expect(result.operations[0]).toMatchObject({
      outcome: 'unknown',
      returnAt: Infinity,
      error: 'no answer within 60 ms',
    });
    expect(result.verdict).toBe('pass');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('of a broken connection is unknown, also as the cause of another error; of a refusal it is an error', async () => {
    const errors = [reset, new TypeError('fetch failed', { cause: reset }), new Error('409')];
    const result = await measureConcurrency({
      clients: 3,
      bursts: 1,
      op: async ({ client }) => {
        await sleep(1);
        throw errors[client]!;
      },
      invariants: unique,
    });
    expect(result.operations.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'error']);
    expect(forbidding(result)).toEqual([
      'too-little-overlap',
      'nothing-examined',
      'unknown-outcomes',
      'failed-operations',
    ]);
    expect(result.verdict).toBe('inconclusive');
  });

  it('of many refusals proves nothing, unless they are expected', async () => {
    const subject: ConcurrencySubject<number> = {
      clients: 10,
      bursts: 2,
      op: async ({ client, index }) => {
        await sleep(1);
        if (client < 5) throw new Error('busy');
        return index;
      },
      invariants: unique,
    };
    const doubtful = await measureConcurrency(subject);
    expect(forbidding(doubtful)).toEqual(['failed-operations']);
    expect(doubtful.warnings.find(({ code }) => code === 'failed-operations')?.message).toBe(
      '10 of 20 operations were refused, the first: busy; errorsExpected: true says that this is right',
    );
    expect((await measureConcurrency({ ...subject, errorsExpected: true })).verdict).toBe('pass');
  });

  it('that are all refusals are no measurement', async () => {
    const failing = measureConcurrency({
      clients: 2,
      bursts: 2,
      op: () => Promise.reject(new Error('no such table')),
      invariants: unique,
    });
    await expect(failing).rejects.toMatchObject({
      code: 'nothing-answered',
      message: 'all 4 operations failed, the first with: no such table',
    });
  });

  it('ends early when nothing answers any more, and says what was not tried', async () => {
    const result = await measureConcurrency({
      clients: 2,
      bursts: 100,
      timeout: '20ms',
      op: () => new Promise<number>(() => {}),
      invariants: unique,
    });
    expect(result).toMatchObject({ bursts: 2, dropped: 196, verdict: 'inconclusive' });
    expect(forbidding(result)).toContain('gave-up');
  });

  it('are tried again only where that is declared harmless, and count as one operation', async () => {
    const attempts: string[] = [];
    const result = await measureConcurrency({
      clients: 4,
      bursts: 2,
      idempotent: true,
      retries: 2,
      op: async ({ client, index, attempt }) => {
        attempts.push(`${index} ${attempt}`);
        await sleep(1);
        if (client === 0 || (client === 1 && attempt === 0)) throw reset;
        if (client === 2 && attempt < 2) throw Object.assign(new Error('serialize'), { code: '40001' });
        if (client === 3) throw new Error('500');
        return index;
      },
      invariants: unique,
      errorsExpected: true,
    });
    expect(result.operations.map(({ outcome, attempts }) => `${outcome} ${attempts}`).slice(0, 4)).toEqual([
      'unknown 3',
      'ok 2',
      'ok 3',
      'error 1',
    ]);
    expect(result.retried).toBe(10);
    expect(attempts.filter((tried) => tried.startsWith('0 '))).toEqual(['0 0', '0 1', '0 2']);
    expect(result.warnings.find(({ code }) => code === 'retried')?.message).toBe('8 operations took 10 more attempts');
  });

  it('that are undefined give the invariant nothing to look at', async () => {
    const result = await measureConcurrency({ clients: 4, op: () => sleep(1), invariants: unique });
    expect(forbidding(result)).toEqual(['nothing-examined']);
    expect(result.verdict).toBe('inconclusive');
  });
});
