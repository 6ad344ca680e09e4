/**
 * Ten pieces of real work, from a microsecond to a millisecond. Where one operation would be so short that a tool which
 * reads the clock around every call measures the clock, a call does a fixed number of them.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';

const ordersOf = (count) =>
  JSON.stringify(
    Array.from({ length: count }, (_, id) => ({
      id,
      name: `order ${id}`,
      prices: [id * 1.5, id * 2.5],
      paid: id % 2 === 0,
    })),
  );

const makers = {
  'JSON.parse 1 KB': () => {
    const text = ordersOf(16);
    return () => JSON.parse(text);
  },
  'JSON.parse 100 KB': () => {
    const text = ordersOf(1500);
    return () => JSON.parse(text);
  },
  'regex over a log': () => {
    const log = Array.from({ length: 50 }, (_, i) => `2024-05-0${1 + (i % 9)} GET /orders/${i * 37} 200 ${i}ms`).join(
      '\n',
    );
    return () => log.match(/GET \/orders\/(\d+) 200/g).length;
  },
  'Map, 1000 get and set': () => {
    const map = new Map(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]));
    const keys = [...map.keys()];
    return () => {
      let sum = 0;
      for (const key of keys) {
        sum += map.get(key);
        map.set(key, sum & 0xffff);
      }
      return sum;
    };
  },
  'sort 10 000 numbers': () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007);
    return () => [...numbers].sort((a, b) => a - b);
  },
  'sha256 of 4 KB': () => {
    const block = Buffer.alloc(4096, 7);
    return () => createHash('sha256').update(block).digest('hex');
  },
  'zod parse': () => {
    const order = z.object({ id: z.number(), name: z.string(), prices: z.array(z.number()), paid: z.boolean() });
    const schema = z.array(order);
    const orders = JSON.parse(ordersOf(20));
    return () => schema.parse(orders);
  },
  '100 awaits': () => async () => {
    let sum = 0;
    for (let i = 0; i < 100; i++) sum += await Promise.resolve(i);
    return sum;
  },
  'string of 1000 pieces': () => () => {
    let text = '';
    for (let i = 0; i < 1000; i++) text += i;
    return text.charCodeAt(text.length - 1);
  },
  structuredClone: () => {
    const orders = JSON.parse(ordersOf(20));
    return () => structuredClone(orders);
  },
};

export const workloads = Object.keys(makers);

/** Fresh data and a function over it. */
export const makeWorkload = (name) => makers[name]();
