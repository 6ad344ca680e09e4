import { setTimeout as sleep } from 'node:timers/promises';
import { parseDelay, type NextDelay } from './delay.ts';
import type { LabOptions } from './lab-options.ts';
import { createSlots } from './slots.ts';

/** What a client asked for in a way that cannot be answered. */
export class BadRequest extends Error {}

const mostBytes = 10_000_000;
const mostMixes = 100;

/** The programmable part: work of a given duration and size, done by a limited number of workers. */
export function createWork({ delay, workers, bytes }: LabOptions) {
  const slots = createSlots(workers);
  const mixes = new Map<string, NextDelay>([[delay, parseDelay(delay)]]);
  const bodies = new Map<number, Buffer>();

  const delayOf = (text: string): NextDelay => {
    const known = mixes.get(text);
    if (known !== undefined) return known;
    // Every text that ever came would be a leak.
    if (mixes.size >= mostMixes) mixes.clear();
    try {
      const next = parseDelay(text);
      mixes.set(text, next);
      return next;
    } catch (error) {
      throw new BadRequest((error as Error).message);
    }
  };

  const bodyOf = (size: number): Buffer => {
    if (!Number.isInteger(size) || size < 0 || size > mostBytes) throw new BadRequest(`"${size}" is no size`);
    const known = bodies.get(size);
    if (known !== undefined) return known;
    if (bodies.size >= 10) bodies.clear();
    const body = Buffer.alloc(size, 'x');
    bodies.set(size, body);
    return body;
  };

  /** Waits for a worker, takes its time, and returns the answer. */
  return async (query: URLSearchParams): Promise<Buffer> => {
    const ms = delayOf(query.get('delay') ?? delay);
    const body = bodyOf(Number(query.get('bytes') ?? bytes));
    await slots.use(async () => {
      const time = ms();
      if (time > 0) await sleep(time);
    });
    return body;
  };
}
