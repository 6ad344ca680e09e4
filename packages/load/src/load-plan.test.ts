import { describe, expect, it } from 'vitest';
import type { LoadWork } from './load-options.ts';
import { planLoad, shortened, type LoadPlan } from './load-plan.ts';
import type { LoadPace } from './profile/pace-options.ts';
import { recordedDuration, totalDuration } from './profile/phase.ts';

const requests = { path: '/' };

/** Name, level, seconds and whether it is measured, of each phase. */
const phasesOf = ({ profile }: LoadPlan) =>
  profile.phases.map(({ name, level, duration, record }) => [name, level.from, level.to, duration / 1e9, record]);

describe('a load plan', () => {
  it('fills in what was not said', () => {
    const open = planLoad({ requests, rate: '6000/m', for: '10s' });
    expect(open).toMatchObject({
      profile: { model: 'open', arrivals: 'uniform' },
      timeout: 10e9,
      work: { driver: { use: 'http1' } },
    });
    expect(phasesOf(open)).toEqual([
      ['warm-up', 100, 100, 1, false],
      ['steady', 100, 100, 10, true],
    ]);
    const closed = planLoad({ requests, clients: 3, for: '2s' });
    expect(closed).toMatchObject({ profile: { model: 'closed', think: { from: 0, to: 0 } } });
    expect(phasesOf(closed)).toEqual([
      ['warm-up', 3, 3, 0.4, false],
      ['steady', 3, 3, 2, true],
    ]);
  });

  it('has no warm-up where none is wanted, and none before a ramp', () => {
    expect(phasesOf(planLoad({ requests, rate: '1/s', for: '1s', warmup: '0s' }))).toEqual([['steady', 1, 1, 1, true]]);
    expect(phasesOf(planLoad({ requests, clients: { from: 1, to: 100, over: '30s' } }))).toEqual([
      ['ramp', 1, 100, 30, true],
    ]);
    expect(
      phasesOf(planLoad({ requests, rate: { from: '0/s', to: '9/s', over: '3s' }, warmup: '1s', for: '2s' })),
    ).toEqual([
      ['warm-up', 0, 0, 1, false],
      ['ramp', 0, 9, 3, true],
      ['steady', 9, 9, 2, true],
    ]);
  });

  it('reads stages of either model', () => {
    expect(phasesOf(planLoad({ requests, stages: ['ramp to 3/s over 1s'], arrivals: 'poisson' }))).toEqual([
      ['ramp', 0, 3, 1, true],
    ]);
    expect(planLoad({ requests, stages: ['hold 3 clients for 1s'], think: { mean: '1s' } })).toMatchObject({
      profile: { model: 'closed', think: { kind: 'exponential', mean: 1e9 } },
    });
  });

  it('is under a second when it is a rehearsal, and keeps its shape', () => {
    const long = shortened(planLoad({ requests, rate: '1/s', for: '10m', warmup: '1m' })).profile;
    expect([totalDuration(long.phases), recordedDuration(long.phases)]).toEqual([0.9e9, 0.8e9]);
    const quick = shortened(planLoad({ requests, rate: '1/s', for: '50ms', warmup: '0s' })).profile;
    expect(totalDuration(quick.phases)).toBe(50e6);
    const staged = shortened(planLoad({ requests, stages: ['ramp to 3/s over 30s', 'hold 3/s for 10s'] })).profile;
    expect(staged.phases.map(({ duration }) => duration)).toEqual([0.6e9, 0.2e9]);
  });

  it.each<[string, object, string]>([
    ['both a rate and clients', { rate: '1/s', clients: 1 }, 'both a rate and clients'],
    ['a rate and stages', { rate: '1/s', stages: ['hold 1/s for 1s'], for: undefined }, 'both a rate and stages'],
    ['all three', { rate: '1/s', clients: 1, stages: ['hold 1/s for 1s'] }, 'a rate, clients and stages'],
    ['stages for a time', { stages: ['hold 1/s for 1s'] }, 'stages say themselves how long'],
    ['stages with a warm-up', { stages: ['hold 1/s for 1s'], for: undefined, warmup: '1s' }, 'warm-up of stages'],
    ['neither', {}, 'neither a rate nor clients'],
    ['a rate of nothing', { rate: '0/s' }, 'a rate of 0'],
    ['a rate that nobody can send', { rate: '1e9/s' }, 'more than 1000000/s'],
    ['a rate that is none', { rate: '100rps' }, '"100rps" is not a rate'],
    ['a ramp from a rate to itself', { rate: { from: '5/s', to: '5/s', over: '1s' } }, 'to itself is none'],
    ['a ramp of no time', { clients: { from: 1, to: 5, over: '0s' } }, 'needs some time'],
    ['a ramp of half a client', { clients: { from: 0.5, to: 5, over: '1s' } }, 'load has 0.5 clients'],
    ['half a client', { clients: 0.5 }, 'load has 0.5 clients'],
    ['something else for clients', { clients: 5n }, 'load has 5 clients'],
    ['no client', { clients: 0 }, 'load has 0 clients'],
    ['a million clients', { clients: 1_000_000 }, 'load has 1000000 clients'],
    ['arrivals of clients', { clients: 1, arrivals: 'poisson' }, 'no arrivals to spread'],
    ['unknown arrivals', { rate: '1/s', arrivals: 'bursty' }, 'arrivals cannot be "bursty"'],
    ['thinking at a rate', { rate: '1/s', think: '1s' }, 'nobody thinks'],
    ['a thought that is none', { clients: 1, think: { from: '1s' } }, 'clients cannot think'],
    ['a thought backwards', { clients: 1, think: { from: '2s', to: '1s' } }, 'cannot think from 2s to 1s'],
    ['no duration', { rate: '1/s', for: undefined }, 'does not say for how long'],
    ['a duration of nothing', { rate: '1/s', for: '0s' }, 'measures nothing'],
    ['a timeout of nothing', { rate: '1/s', timeout: '0s' }, 'a timeout of 0'],
    ['a month', { rate: '1/s', for: '720h' }, 'more than 20 days'],
    ['no requests', { rate: '1/s', requests: [] }, 'load has no requests'],
    ['requests forgotten', { rate: '1/s', requests: undefined }, 'load has no requests'],
    ['requests and a function', { rate: '1/s', run: () => {} }, 'both requests and run'],
    ['a function that is none', { rate: '1/s', requests: undefined, run: 'SELECT 1' }, '"SELECT 1" cannot be run'],
    [
      'a function with a driver',
      { rate: '1/s', requests: undefined, run: () => {}, driver: 'http1' },
      'sends by itself',
    ],
    ['a template that is none', { rate: '1/s', requests: undefined, request: { path: '/' } }, 'makes no requests'],
    [
      'a template for autocannon',
      { clients: 1, requests: undefined, request: () => ({ path: '/' }), driver: 'autocannon' },
      'knows its requests in advance',
    ],
    ['data that nobody takes', { rate: '1/s', data: [1] }, 'used by nobody'],
    ['data that is none', { rate: '1/s', requests: undefined, run: () => {}, data: 5 }, '5 is no data'],
    [
      'a body for autocannon',
      { clients: 1, requests: { path: '/', expectBody: () => true }, driver: 'autocannon' },
      'bodies',
    ],
    ['retries of what may not be', { rate: '1/s', retries: 2 }, 'only what is idempotent'],
    ['too many retries', { rate: '1/s', idempotent: true, retries: 11 }, 'load has 11 retries'],
    ['retries of autocannon', { clients: 1, idempotent: true, driver: 'autocannon' }, 'tries nothing again'],
    ['half a worker', { rate: '1/s', workers: 0.5 }, 'load has 0.5 workers'],
    ['a worker for a function', { rate: '1/s', requests: undefined, run: () => {}, workers: 1 }, 'stay in their own'],
    [
      'a worker that judges',
      { rate: '1/s', requests: { path: '/', expectBody: () => true }, workers: 1 },
      'stay in their own',
    ],
    ['a worker for autocannon', { clients: 1, driver: 'autocannon', workers: 1 }, 'has one thread'],
    ['an unknown driver', { rate: '1/s', driver: 'curl' }, 'no driver "curl"'],
    ['a driver that is none', { rate: '1/s', driver: 5 }, 'no driver 5'],
    ['a driver without a name', { rate: '1/s', driver: { keepAlive: true } }, 'no driver undefined'],
    ['an option of another driver', { rate: '1/s', driver: { use: 'http1', http2: true } }, 'no option "http2"'],
    [
      'pipelining without connections',
      { rate: '1/s', driver: { use: 'http1', pipelining: 2, keepAlive: false } },
      'alive',
    ],
    ['no connections', { rate: '1/s', driver: { use: 'http1', connections: 0 } }, 'maxConnections is 0'],
    ['a time that is none', { rate: '1/s', driver: { use: 'http1', connectTimeout: '5' } }, '"5" is not a duration'],
    ['half a connection', { rate: '1/s', driver: { use: 'undici', connections: 0.5 } }, 'connections is 0.5'],
    ['a proxy without a scheme', { rate: '1/s', driver: { use: 'undici', proxy: '127.0.0.1' } }, 'url of a proxy'],
    [
      'HTTP/2 through a proxy',
      { rate: '1/s', driver: { use: 'undici', proxy: 'http://a', http2: true } },
      'not supported',
    ],
    ['a rate from autocannon', { rate: '1/s', driver: 'autocannon' }, 'autocannon has no arrivals'],
    [
      'a ramp from autocannon',
      { clients: { from: 1, to: 2, over: '1s' }, driver: 'autocannon' },
      'one number of clients',
    ],
    ['thinking with autocannon', { clients: 1, think: '1s', driver: 'autocannon' }, 'cannot think'],
    ['a quick timeout of autocannon', { clients: 1, timeout: '500ms', driver: 'autocannon' }, 'in less than a second'],
    [
      'HEAD from autocannon',
      { clients: 1, requests: { path: '/', method: 'head' }, driver: 'autocannon' },
      'send HEAD',
    ],
  ])('%s is refused', (_, options, message) => {
    const attempt = (): unknown => planLoad({ requests, for: '1s', ...options } as unknown as LoadWork & LoadPace);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2, hint: expect.any(String) as string }));
  });
});
