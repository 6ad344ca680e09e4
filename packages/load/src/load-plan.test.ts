import { describe, expect, it } from 'vitest';
import type { LoadPace, LoadWork } from './load-options.ts';
import { planLoad, shortened } from './load-plan.ts';

const requests = { path: '/' };

describe('a load plan', () => {
  it('fills in what was not said', () => {
    expect(planLoad({ requests, rate: '6000/m', for: '10s' })).toMatchObject({
      pace: { model: 'open', rate: 100, arrivals: 'uniform' },
      duration: 10e9,
      warmup: 1e9,
      timeout: 10e9,
    });
    expect(planLoad({ requests, clients: 3, for: '2s' })).toMatchObject({
      pace: { model: 'closed', clients: 3 },
      warmup: 0.4e9,
    });
  });

  it('is under a second when it is a rehearsal', () => {
    const { warmup, duration } = shortened(planLoad({ requests, rate: '1/s', for: '10m', warmup: '1m' }));
    expect(warmup + duration).toBeLessThan(1e9);
    expect(shortened(planLoad({ requests, rate: '1/s', for: '50ms', warmup: '0s' }))).toMatchObject({
      warmup: 0,
      duration: 50e6,
    });
  });

  it.each<[string, object, string]>([
    ['both a rate and clients', { rate: '1/s', clients: 1 }, 'both a rate and clients'],
    ['neither', {}, 'neither a rate nor clients'],
    ['a rate of nothing', { rate: '0/s' }, 'a rate of 0'],
    ['a rate that is none', { rate: '100rps' }, '"100rps" is not a rate'],
    ['half a client', { clients: 0.5 }, 'load has 0.5 clients'],
    ['something else for clients', { clients: 5n }, 'load has 5 clients'],
    ['no client', { clients: 0 }, 'load has 0 clients'],
    ['arrivals of clients', { clients: 1, arrivals: 'poisson' }, 'no arrivals to spread'],
    ['unknown arrivals', { rate: '1/s', arrivals: 'bursty' }, 'arrivals cannot be "bursty"'],
    ['no duration', { rate: '1/s', for: undefined }, 'does not say for how long'],
    ['a duration of nothing', { rate: '1/s', for: '0s' }, 'measures nothing'],
    ['a timeout of nothing', { rate: '1/s', timeout: '0s' }, 'a timeout of 0'],
    ['a month', { rate: '1/s', for: '720h' }, 'more than 20 days'],
    ['no requests', { rate: '1/s', requests: [] }, 'load has no requests'],
    ['requests forgotten', { rate: '1/s', requests: undefined }, 'load has no requests'],
    ['a quick timeout of clients', { clients: 1, timeout: '500ms' }, 'cannot time out in less than a second'],
    ['HEAD from clients', { clients: 1, requests: { path: '/', method: 'head' } }, 'cannot send HEAD'],
  ])('%s is refused', (_, options, message) => {
    const attempt = (): unknown => planLoad({ requests, for: '1s', ...options } as unknown as LoadWork & LoadPace);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2, hint: expect.any(String) as string }));
  });
});
