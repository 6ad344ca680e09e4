import { parseArgs } from 'node:util';
import { parseDelay } from './delay.ts';

/** How the server behaves when a request does not say otherwise. */
export interface LabOptions {
  /** Milliseconds that a piece of work takes: `'20'`, or `'5*8,500*2'`. */
  readonly delay: string;
  /** Pieces of work that are done at the same time; the others wait. */
  readonly workers: number;
  /** Bytes of an answer. */
  readonly bytes: number;
  /** Connections to the database. */
  readonly pool: number;
  /** Milliseconds that a query takes. */
  readonly queryMs: number;
  /** Servers like this one, behind a balancer; 0 is this one alone. */
  readonly backends: number;
}

export const defaultOptions: LabOptions = { delay: '0', workers: 10_000, bytes: 2, pool: 8, queryMs: 10, backends: 0 };

function whole(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= 10_000_000) return value;
  throw new RangeError(`--${flag} is ${text}, expected a whole number from ${least} upwards`);
}

/** Reads the flags of a start: `--workers 4 --delay 20`. @throws RangeError or TypeError for what is none. */
export function parseOptions(argv: readonly string[]): LabOptions {
  const flag = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { delay: flag, workers: flag, bytes: flag, pool: flag, query: flag, backends: flag },
  });
  const number = (name: 'workers' | 'bytes' | 'pool' | 'query' | 'backends', unless: number, least: number): number =>
    values[name] === undefined ? unless : whole(name, values[name], least);
  const delay = values.delay ?? defaultOptions.delay;
  parseDelay(delay);
  return {
    delay,
    workers: number('workers', defaultOptions.workers, 1),
    bytes: number('bytes', defaultOptions.bytes, 0),
    pool: number('pool', defaultOptions.pool, 1),
    queryMs: number('query', defaultOptions.queryMs, 0),
    backends: number('backends', defaultOptions.backends, 0),
  };
}
