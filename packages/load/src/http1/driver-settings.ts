import { nanos, usageError, type Nanos } from '@perfkeel/core';
import type { HttpDriverOptions } from '../driver.ts';
import { shown } from '../shown.ts';
import type { FramerLimits } from './framer-state.ts';
import { socketOpener, type SocketOpener } from './open-socket.ts';

/** The options of a driver with all that follows from them. */
export interface DriverSettings extends Pick<HttpDriverOptions, 'url' | 'now' | 'timeout' | 'sink'> {
  readonly connectTimeout: Nanos;
  readonly headersTimeout: Nanos | undefined;
  readonly keepAlive: boolean;
  readonly pipelining: number;
  readonly maxConnections: number;
  readonly replayStale: boolean;
  readonly limits: FramerLimits;
  readonly opener: SocketOpener;
}

/** Without a time of its own for connecting, it is the request that takes too long. */
const slack = 100e6;
const [defaultMaxHead, defaultMaxKept] = [64 * 1024, 16 * 1024 * 1024];

/** @throws PerfError `bad-load`, exit code 2. */
export function driverSettings(options: HttpDriverOptions): DriverSettings {
  const {
    url,
    now,
    timeout,
    sink,
    connectTimeout = nanos(timeout + slack),
    headersTimeout,
    keepAlive = true,
  } = options;
  const { pipelining = 1, maxConnections = Infinity, maxBody, maxHeaders = defaultMaxHead } = options;
  checkCount('pipelining', pipelining);
  checkCount('maxConnections', maxConnections);
  checkCount('maxHeaders', maxHeaders);
  if (maxBody !== undefined && maxBody !== 0) checkCount('maxBody', maxBody);
  if (pipelining > 1 && !keepAlive) {
    throw usageError('pipelining needs connections that are kept alive', {
      code: 'bad-load',
      hint: 'Leave pipelining or keepAlive: false out.',
      excerpt: 'pipelining',
    });
  }
  const limits = { maxHead: maxHeaders, maxBody: maxBody ?? Infinity, maxKept: maxBody ?? defaultMaxKept };
  return {
    ...{ url, now, timeout, sink, connectTimeout, headersTimeout, keepAlive, pipelining, maxConnections, replayStale, limits },
    opener: socketOpener(options),
  };
}

function checkCount(name: string, value: number): void {
  if (value === Infinity || (Number.isInteger(value) && value >= 1)) return;
  throw usageError(`${name} is ${shown(value)}`, {
    code: 'bad-load',
    hint: `${name} is a whole number from 1 upwards.`,
    excerpt: name,
  });
}
