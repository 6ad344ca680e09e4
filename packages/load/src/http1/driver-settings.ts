import { nanos, type Nanos } from '@perfkeel/core';
import type { HttpDriverOptions } from '../driver.ts';
import { checkOptions } from './check-options.ts';
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
  const { url, now, timeout, sink, headersTimeout, keepAlive = true, replayStale = true } = options;
  const { connectTimeout = nanos(timeout + slack), pipelining = 1, maxConnections = Infinity } = options;
  const { maxBody, maxHeaders = defaultMaxHead } = options;
  checkOptions(options);
  const limits = { maxHead: maxHeaders, maxBody: maxBody ?? Infinity, maxKept: maxBody ?? defaultMaxKept };
  return {
    ...{ url, now, timeout, sink, connectTimeout, headersTimeout, keepAlive, replayStale },
    ...{ pipelining, maxConnections, limits, opener: socketOpener(options) },
  };
}
