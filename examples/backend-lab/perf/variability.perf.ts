import { load } from 'perfkeel';
import { lab } from './lab.ts';

// Backends that answer in 5 ms, in 500 ms, and now so, now so. At a rate: what is slow does not slow down what is asked.
load('fast, slow and mixed backends', {
  target: lab(),
  requests: [
    { name: 'fast', path: '/work?delay=5', weight: 8 },
    { name: 'slow', path: '/work?delay=500', weight: 1 },
    { name: 'mixed', path: '/work?delay=5*8,500*2', weight: 5 },
  ],
  rate: '140/s',
  for: '1200ms',
  rounds: 2,
  objectives: [
    'errors = 0',
    'median of fast.response-time < 60ms',
    'min of slow.response-time >= 499ms',
    'median of slow.response-time < 700ms',
    // Eight in ten are fast and two are slow: the median is one of those, and the 90th percentile one of these.
    'median of mixed.response-time < 100ms',
    'p90 of mixed.response-time >= 400ms',
    'max of mixed.response-time < 2s',
    'throughput >= 110/s',
  ],
});
