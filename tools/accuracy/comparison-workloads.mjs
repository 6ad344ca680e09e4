/** Real work of which twenty calls take some milliseconds at most, as most micro-benchmarks do. */
import { makeWorkload as makeOther } from './workloads.mjs';

const sortNumbers = () => {
  const numbers = Array.from({ length: 500 }, (_, i) => (i * 7919) % 10_007);
  return () => [...numbers].sort((a, b) => a - b);
};

export const workloads = [
  'JSON.parse 1 KB',
  'regex over a log',
  'Map, 1000 get and set',
  'sort 500 numbers',
  'sha256 of 4 KB',
  'zod parse',
  'string of 1000 pieces',
  'structuredClone',
];

/** Fresh data and a function over it. */
export const makeWorkload = (name) => (name === 'sort 500 numbers' ? sortNumbers() : makeOther(name));
