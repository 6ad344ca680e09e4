import { describe, expect, it } from 'vitest';
import { searchGoal, simulate, type SimulatedEnd } from '../../test/support/simulated-search.ts';

/** A system without noise. */
const upTo =
  (capacity: number) =>
  ({ rate }: { rate: number }): 'good' | 'bad' =>
    rate <= capacity ? 'good' : 'bad';

const told = ({ trials }: SimulatedEnd): string[] => trials.map(({ purpose, rate }) => `${purpose} ${rate}`);

describe('the search', () => {
  it('climbs with scouts, closes in, decides with full trials, and verifies', () => {
    const end = simulate(searchGoal(), upTo(433));
    expect(end).toMatchObject({ lower: 420, upper: 441, reason: 'found', verified: true });
    expect(end.guess).toBeCloseTo(Math.sqrt(420 * 441), 6);
    expect(told(end)).toEqual([
      ...['scout 50', 'scout 100', 'scout 200', 'scout 400', 'scout 800', 'probe 800', 'probe 800'],
      ...['scout 565.7', 'probe 565.7', 'scout 475.7', 'probe 475.7', 'scout 436.2', 'probe 436.2'],
      ...['full 400', 'full 400', 'full 420', 'full 420', 'full 441', 'full 441', 'verify 420'],
    ]);
  });

  it('stays in the range, and above the capacity by one step of the climb at most', () => {
    const { trials } = simulate(searchGoal({ low: 10, high: 10_000 }), upTo(700));
    const rates = trials.map(({ rate }) => rate);
    expect(Math.min(...rates)).toBe(10);
    expect(Math.max(...rates)).toBeLessThan(700 * (10_000 / 10) ** (1 / 6) + 1);
  });

  it('says when the range does not hold the answer', () => {
    expect(simulate(searchGoal(), upTo(20))).toMatchObject({ lower: 0, upper: 50, guess: 50, reason: 'below' });
    expect(simulate(searchGoal(), upTo(9000))).toMatchObject({
      lower: 2000,
      upper: Infinity,
      guess: 2000,
      reason: 'above',
    });
    expect(simulate(searchGoal(), upTo(50)).reason).toBe('found');
    expect(simulate(searchGoal(), upTo(1999)).reason).toBe('found');
  });

  it('is as precise as it is asked to be', () => {
    for (const width of [0.01, 0.02, 0.1, 0.5]) {
      const { lower, upper, reason } = simulate(searchGoal({ width, budget: 1e12 }), upTo(777));
      expect({ reason, holds: lower <= 777 && upper > 777 }).toEqual({ reason: 'found', holds: true });
      expect(upper / lower).toBeLessThanOrEqual((1 + width) * 1.001);
    }
  });
});

describe('accidents', () => {
  it('a scout that fails once is probed, and an accident in the climb is none of the system', () => {
    const end = simulate(searchGoal(), ({ rate }, index) => (index === 1 ? 'bad' : upTo(433)({ rate })));
    expect(told(end).slice(0, 4)).toEqual(['scout 50', 'scout 100', 'probe 100', 'scout 200']);
    expect(end).toMatchObject({ reason: 'found', lower: 420 });
  });

  it('one bad trial of three does not decide a load', () => {
    let spoilt = false;
    const end = simulate(searchGoal(), ({ rate, purpose }) => {
      if (purpose === 'full' && !spoilt) {
        spoilt = true;
        return 'bad';
      }
      return upTo(433)({ rate });
    });
    expect(told(end).filter((trial) => trial === 'full 400')).toHaveLength(3);
    expect(end).toMatchObject({ reason: 'found', lower: 420 });
  });

  it('scouts that were deceived about what lies above are sent again', () => {
    let scouts = 0;
    const end = simulate(searchGoal({ budget: 300e9 }), ({ rate, purpose }) => {
      // Three times in a row at 100/s: the climb ends there.
      if (purpose !== 'full' && rate === 100 && scouts++ < 3) return 'bad';
      return upTo(1500)({ rate });
    });
    expect(end.reason).toBe('found');
    expect(end.lower).toBeGreaterThan(1400);
  });

  it('a load that scouts saw to hold is not given up after two bad trials', () => {
    let bad = 0;
    const end = simulate(searchGoal(), ({ rate, purpose }) =>
      purpose === 'full' && rate === 400 && bad++ < 2 ? 'bad' : upTo(433)({ rate }),
    );
    expect(end).toMatchObject({ reason: 'found', lower: 420 });
  });

  it('trials without validity are repeated, and say nothing', () => {
    const end = simulate(searchGoal({ budget: 1e12 }), ({ rate }, index) =>
      index % 3 === 0 ? 'invalid' : upTo(433)({ rate }),
    );
    expect(end).toMatchObject({ lower: 420, upper: 441, reason: 'found' });
  });

  it('the first doubtful one of a load is repeated, and the second is bad', () => {
    let once = 0;
    const end = simulate(searchGoal({ budget: 1e12 }), ({ rate }) => {
      if (rate === 400 && once++ === 0) return 'doubtful';
      return rate <= 433 ? 'good' : 'doubtful';
    });
    expect(told(end).filter((trial) => trial.endsWith(' 400'))[1]).toBe('scout 400');
    expect(told(end).filter((trial) => trial === 'full 441')).toHaveLength(3);
    expect(end).toMatchObject({ lower: 420, upper: 441, reason: 'found', doubtful: true });
    expect(simulate(searchGoal(), upTo(433)).doubtful).toBe(false);
  });

  it('too many of them end the search', () => {
    const end = simulate(searchGoal(), () => 'invalid');
    expect(end).toMatchObject({ lower: 0, upper: Infinity, reason: 'not-valid' });
    expect(end.trials).toHaveLength(5);
  });

  it('a system that overload has harmed does not hold its lower bound again', () => {
    let harmed = false;
    const end = simulate(searchGoal({ budget: 1e12 }), ({ rate, purpose }) => {
      if (purpose === 'verify') harmed = true;
      return upTo(harmed ? 200 : 433)({ rate });
    });
    expect(told(end).slice(-2)).toEqual(['verify 420', 'probe 420']);
    expect(end).toMatchObject({ reason: 'found', verified: false });
  });
});

describe('time', () => {
  it('is kept: no trial begins that would end too late', () => {
    for (const budget of [5, 20, 60, 100, 150]) {
      const { seconds, trials } = simulate(searchGoal({ budget: budget * 1e9 }), upTo(433));
      // What comes around the last trial is not known in advance.
      expect(seconds).toBeLessThan(budget + 2);
      expect(trials.length).toBeGreaterThan(0);
    }
  });

  it('that is over leaves the bounds that are known, and the guess of the scouts', () => {
    const scouted = simulate(searchGoal({ budget: 40e9 }), upTo(433));
    expect(scouted).toMatchObject({ lower: 0, upper: Infinity, reason: 'out-of-time' });
    // They saw 400 hold, and 436.2 not.
    expect(scouted.guess).toBeCloseTo(417.7, 1);
    const half = simulate(searchGoal({ budget: 70e9 }), upTo(433));
    expect(half).toMatchObject({ lower: 400, upper: Infinity, reason: 'out-of-time', guess: scouted.guess });
    const unverified = simulate(searchGoal({ budget: 106e9 }), upTo(433));
    expect(unverified).toMatchObject({ lower: 420, upper: 441, reason: 'found', verified: undefined });
  });
});
