import { describe, expect, it } from 'vitest';
import { failureKinds } from '../failure.ts';
import { sumTallies, Tally } from './tally.ts';

describe('a tally', () => {
  it('begins with nothing', () => {
    const { failures, statuses, ...rest } = sumTallies([new Tally()]);
    expect([rest.sent, rest.failed, rest.responseTime.count, statuses]).toEqual([0, 0, 0, {}]);
    expect(Object.keys(failures)).toEqual([...failureKinds]);
  });

  it('is read through its buffer, as from another thread', () => {
    const tally = new Tally();
    tally.count('sent');
    tally.count('bytes', 500);
    tally.countStatus(100);
    tally.countStatus(599);
    tally.countFailure('timeout');
    tally.firstByte.record(9);
    expect(sumTallies([new Tally(tally.buffer)])).toMatchObject({
      sent: 1,
      bytes: 500,
      statuses: { 100: 1, 599: 1 },
      failed: 1,
      failures: { timeout: 1 },
      firstByte: { count: 1, max: 9 },
    });
  });

  it('has no place for what is no status', () => {
    const tally = new Tally();
    for (const status of [0, 99, 600, NaN]) tally.countStatus(status);
    expect([tally.statuses, tally.failed]).toEqual([{}, 0]);
  });

  it('adds up with others, exactly: the histogram of two workers is that of one', () => {
    const [first, second, together] = [new Tally(), new Tally(), new Tally()];
    for (let i = 0; i < 1000; i++) {
      const part = i % 3 === 0 ? first : second;
      for (const tally of [part, together]) {
        tally.responseTime.record(i * i * 1000);
        tally.countFailure(failureKinds[i % failureKinds.length]!);
        tally.countStatus(200 + (i % 5));
        tally.count('completed');
      }
    }
    const [sum, one] = [sumTallies([first, second]), sumTallies([together])];
    expect(sum.responseTime.toData()).toEqual(one.responseTime.toData());
    expect([sum.failures, sum.statuses, sum.failed, sum.completed]).toEqual([one.failures, one.statuses, 1000, 1000]);
  });
});
