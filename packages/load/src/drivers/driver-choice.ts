import {
  describeValue,
  nanos,
  parseDuration,
  parseSize,
  usageError,
  type DurationText,
  type Nanos,
  type SizeText,
} from '@perfkeel/core';
import type { HttpDriverOptions, TlsOptions } from '../driver.ts';
import { driverSettings } from '../http1/driver-settings.ts';

/** Our own HTTP/1.1 client, and how it treats connections. */
export interface Http1Choice {
  readonly use: 'http1';
  /** Whether connections are used again. @default true */
  readonly keepAlive?: boolean;
  /** Requests in flight on one connection. @default 1 */
  readonly pipelining?: number;
  /** The most connections there may be; requests beyond that wait. @default no limit */
  readonly connections?: number;
  /** How long opening a connection may take. @default as long as `timeout` */
  readonly connectTimeout?: DurationText;
  /** From the writing of a request to the end of the head of its answer. @default as long as `timeout` */
  readonly headersTimeout?: DurationText;
  /** A Unix socket, instead of the host and port of the url. */
  readonly socketPath?: string;
  readonly tls?: TlsOptions;
  /** The largest body of an answer. @default no limit, but '16MiB' where bodies are judged */
  readonly maxBody?: SizeText;
  /** The largest head of an answer. @default '64KiB' */
  readonly maxHeaders?: SizeText;
}

/** undici: HTTP/2, and HTTP/1.1 through a proxy. Needs several times the processor time of `http1` for each request. */
export interface UndiciChoice {
  readonly use: 'undici';
  /** Over TLS by agreement with the target, without TLS from the first byte on. @default false */
  readonly http2?: boolean;
  /** The most connections there may be; requests beyond that wait. @default no limit, but one for HTTP/2 */
  readonly connections?: number;
  /** The url of a proxy, which is asked for a tunnel. */
  readonly proxy?: string;
  readonly tls?: TlsOptions;
}

/** autocannon: a second opinion on the closed model, for a constant number of clients. */
export interface AutocannonChoice {
  readonly use: 'autocannon';
}

export const driverNames = ['http1', 'undici', 'autocannon'] as const;
/** What brings requests over the wire. */
export type DriverName = (typeof driverNames)[number];
export type DriverChoice = DriverName | Http1Choice | UndiciChoice | AutocannonChoice;

/** A driver that has been understood. */
export type PlannedDriver =
  | { readonly use: 'http1'; readonly settings: Omit<HttpDriverOptions, 'url' | 'now' | 'timeout' | 'sink'> }
  | UndiciChoice
  | AutocannonChoice;

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

const known: Readonly<Record<DriverName, readonly string[]>> = {
  http1: [
    ...['keepAlive', 'pipelining', 'connections', 'connectTimeout', 'headersTimeout', 'socketPath', 'tls'],
    ...['maxBody', 'maxHeaders'],
  ],
  undici: ['http2', 'connections', 'proxy', 'tls'],
  autocannon: [],
};

/**
 * Understands what is to bring requests over the wire.
 *
 * @throws PerfError `bad-load` or `bad-quantity`, exit code 2.
 */
export function planDriver(choice: unknown, timeout: Nanos): PlannedDriver {
  const written = (typeof choice === 'object' && choice !== null ? choice : { use: choice ?? 'http1' }) as {
    readonly use?: unknown;
  };
  const use = driverNames.find((name) => name === written.use);
  if (use === undefined)
    fail(`load has no driver ${describeValue(written.use)}`, `The drivers are ${driverNames.join(', ')}.`, 'driver');
  const stranger = Object.keys(written).find((key) => key !== 'use' && !known[use].includes(key));
  if (stranger !== undefined) {
    fail(
      `the driver ${use} has no option "${stranger}"`,
      `Its options are ${known[use].join(', ') || 'none'}.`,
      stranger,
    );
  }
  if (use === 'http1') return { use, settings: planHttp1(written as Http1Choice, timeout) };
  return use === 'undici' ? checkedUndici({ ...(written as UndiciChoice), use }) : { use };
}

type Http1Settings = (PlannedDriver & { use: 'http1' })['settings'];

function planHttp1(
  { connections, connectTimeout, headersTimeout, maxBody, maxHeaders, ...rest }: Http1Choice,
  timeout: Nanos,
): Http1Settings {
  const { keepAlive, pipelining, socketPath, tls } = rest;
  const settings = defined({
    ...{ keepAlive, pipelining, socketPath, tls, maxConnections: connections },
    connectTimeout: connectTimeout === undefined ? undefined : parseDuration(connectTimeout),
    headersTimeout: headersTimeout === undefined ? undefined : parseDuration(headersTimeout),
    maxBody: maxBody === undefined ? undefined : parseSize(maxBody),
    maxHeaders: maxHeaders === undefined ? undefined : parseSize(maxHeaders),
  });
  // Whatever is wrong with them is said where they are declared, and not when the load begins.
  const sink = { answered: () => {}, failed: () => {}, roomAgain: () => {} };
  driverSettings({ url: new URL('http://127.0.0.1'), now: () => nanos(0), timeout, sink, ...settings });
  return settings;
}

/** Without what was not said: an option that is `undefined` is not the same as one that is absent. */
const defined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

function checkedUndici(choice: UndiciChoice): UndiciChoice {
  const { http2, proxy, connections } = choice;
  if (proxy !== undefined && !(URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol))) {
    fail(
      `${describeValue(proxy)} is not the url of a proxy`,
      "Write it with its scheme: proxy: 'http://127.0.0.1:3128'.",
      'proxy',
    );
  }
  if (proxy !== undefined && http2 === true) {
    fail('HTTP/2 through a proxy is not supported', 'Leave http2 or the proxy out.', 'http2');
  }
  if (connections !== undefined && !(Number.isInteger(connections) && connections >= 1)) {
    fail(
      `connections is ${describeValue(connections)}`,
      'connections is a whole number from 1 upwards.',
      'connections',
    );
  }
  return choice;
}
