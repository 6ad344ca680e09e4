import { parseDuration, parseRate, parseSize, usageError } from '@perfkeel/core';
import type { BodyText } from './one-off-files.ts';
import { Code, targetCode, type OneOff, type Written } from './one-off-source.ts';

/** Options of the verbs that ask a server over HTTP. */
export interface RequestFlags {
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: BodyText;
  readonly expect?: string;
  readonly timeout?: string;
  /** Certificates of authorities in PEM. */
  readonly ca?: string;
  /** Takes any certificate. */
  readonly insecure?: boolean;
}

interface CommonFlags {
  readonly name?: string;
  readonly objective?: readonly string[];
}

export interface LoadFlags extends RequestFlags, CommonFlags {
  readonly rate?: string;
  readonly clients?: number;
  readonly for?: string;
  readonly warmup?: string;
}

export interface CapacityFlags extends RequestFlags, CommonFlags {
  readonly between?: string;
  readonly while?: readonly string[];
  readonly for?: string;
  readonly within?: string;
}

export interface StartupFlags extends CommonFlags {
  readonly ready?: string;
  readonly samples?: number;
  readonly warmup?: number;
  readonly timeout?: string;
}

export interface LeakFlags extends Pick<RequestFlags, 'method' | 'header' | 'body'>, CommonFlags {
  readonly request?: string;
  readonly ready?: string;
  readonly url?: string;
  readonly for?: string;
  readonly idle?: string;
  readonly clients?: number;
}

const bad = (message: string, hint: string): Error => usageError(message, { code: 'bad-option', hint });

/** Load without any options: 100 requests over ten seconds. */
const lightly = { rate: '10/s', for: '10s' };

export function loadOf(url: string, flags: LoadFlags): OneOff {
  const place = placeOf(url);
  if (flags.rate !== undefined && flags.clients !== undefined) {
    throw bad('--rate and --clients are two kinds of load', 'Keep one: a rate of arrivals, or a number of clients.');
  }
  const pace =
    flags.clients === undefined ? { rate: flags.rate ?? lightly.rate } : { clients: count('--clients', flags.clients) };
  if ('rate' in pace) parseRate(pace.rate);
  const lasting = flags.for ?? lightly.for;
  parseDuration(lasting);
  const request = requestOf(place.path, flags);
  return {
    noun: 'load',
    name: flags.name ?? nameOf(request),
    options: {
      target: targetCode({ url: place.origin }),
      requests: request,
      driver: driverOf(place, flags),
      ...pace,
      for: lasting,
      warmup: flags.warmup,
      timeout: flags.timeout,
      objectives: flags.objective,
    },
  };
}

/** How many rounds decide what is promised: quantiles and means of one round have no interval. */
export const loadRounds = ({ objective = [] }: Pick<LoadFlags, 'objective'>): number =>
  objective.some((text) => /^\s*(?:p\d|median|mean)/.test(text)) ? 2 : 1;

/** A search without any options: at most 200 requests a second, for a minute. */
const modestly = { between: '10/s..200/s', for: '2s', within: '60s' };

export function capacityOf(url: string, flags: CapacityFlags): OneOff {
  const place = placeOf(url);
  const between = (flags.between ?? modestly.between).split('..').map((rate) => rate.trim());
  if (between.length !== 2) throw bad(`--between ${flags.between} is not two rates`, 'Write --between 50/s..2000/s.');
  for (const rate of between) parseRate(rate);
  const [trial, within] = [flags.for ?? modestly.for, flags.within ?? modestly.within];
  for (const time of [trial, within]) parseDuration(time);
  const request = requestOf(place.path, flags);
  return {
    noun: 'capacity',
    name: flags.name ?? `capacity of ${nameOf(request)}`,
    options: {
      target: targetCode({ url: place.origin }),
      requests: request,
      driver: driverOf(place, flags),
      between,
      while: flags.while,
      for: trial,
      within,
      timeout: flags.timeout,
      objectives: flags.objective,
    },
  };
}

export function startupOf(command: readonly string[], flags: StartupFlags, cwd?: string): OneOff {
  return {
    noun: 'startup',
    name: flags.name ?? command.join(' '),
    options: {
      command: commandOf('startup', command),
      cwd,
      ready: flags.ready === undefined ? undefined : startReadyOf(flags.ready),
      samples: flags.samples === undefined ? undefined : count('--samples', flags.samples),
      warmup: flags.warmup === undefined ? undefined : count('--warmup', flags.warmup),
      startTimeout: flags.timeout,
      objectives: flags.objective,
    },
  };
}

export function leakOf(command: readonly string[], flags: LeakFlags, cwd?: string): OneOff {
  const lasting = flags.for ?? '20s';
  parseDuration(lasting);
  const place = flags.url === undefined ? undefined : answeringAt(flags.url, flags.request);
  const { path, method, headers, body } = requestOf(flags.request ?? place?.path ?? '/', flags);
  const target = targetCode({
    command: commandOf('leak', command),
    url: place?.origin,
    cwd,
    ready: flags.ready === undefined ? undefined : readyOf(flags.ready),
  });
  return {
    noun: 'leak',
    name: flags.name ?? `leak of ${command.join(' ')}`,
    options: {
      target,
      request: { path, method, headers, body },
      clients: flags.clients === undefined ? undefined : count('--clients', flags.clients),
      for: lasting,
      idle: flags.idle,
      objectives: flags.objective?.map(growthOf),
    },
  };
}

const freePort = ':{port}';

/** Where a server answers that is started: its port may be one that is still to be chosen. */
function answeringAt(url: string, request: string | undefined): Place {
  const hasFreePort = /^https?:\/\/[^/?#]+:\{port\}/.test(url);
  const { origin, path } = placeOf(hasFreePort ? url.replace(freePort, ':9') : url);
  if (request !== undefined && path !== '/') {
    throw bad(`--url ${url} has a path, and --request ${request} is another`, 'Leave the path out of --url.');
  }
  return { origin: hasFreePort ? origin.replace(/:9$/, freePort) : origin, path };
}

/** A limit of growth without its unit is the mistake of everybody. */
function growthOf(objective: string): string {
  const [, size] = /^growth\s*<=?\s*(\S+)$/.exec(objective) ?? [];
  if (size !== undefined && !size.includes('/')) {
    parseSize(size);
    throw bad(`"${objective}" does not say for what`, `Write 'growth < ${size}/op'.`);
  }
  return objective;
}

interface Place {
  readonly origin: string;
  readonly path: string;
}

/** A url as people type it. @throws PerfError, exit code 2, rather than sending something somewhere else. */
function placeOf(text: string): Place {
  const hint = text.includes('://')
    ? 'Write it as http://127.0.0.1:3000/orders.'
    : `Write it with its scheme: http://${text.replace(/^\/+/, '')}`;
  if (!text.includes('://') || !URL.canParse(text)) throw bad(`${JSON.stringify(text)} is not a url`, hint);
  const { protocol, origin, pathname, search, username } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw bad(`${JSON.stringify(text)} is not reached over HTTP`, 'Give a url that begins with http:// or https://.');
  }
  if (username !== '') {
    throw bad('a url with a user is not taken: it would be in every report', "Write --header 'authorization: …'.");
  }
  return { origin, path: pathname + search };
}

type RequestWords = { readonly [name: string]: Written | undefined } & {
  readonly path: string;
  readonly method: string | undefined;
};

function requestOf(path: string, { method, header, body, expect }: RequestFlags): RequestWords {
  if (!path.startsWith('/')) throw bad(`--request ${path} is not a path`, 'Write --request /orders.');
  const headers = header?.map((text) => {
    const at = text.indexOf(':');
    if (at <= 0) throw bad(`--header ${JSON.stringify(text)} has no colon`, "Write --header 'accept: text/html'.");
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
  });
  if (expect !== undefined && !/^[1-5]\d\d$/.test(expect)) {
    throw bad(`--expect ${expect} is not a status`, 'Write --expect 201.');
  }
  return {
    method: method?.toUpperCase(),
    path,
    headers: withContentType(headers && Object.fromEntries(headers), body),
    body: typeof body === 'object' ? new Code(`Buffer.from('${body.toString('base64')}', 'base64')`) : body,
    expect: expect === undefined ? undefined : Number(expect),
  };
}

type Headers = Readonly<Record<string, string>>;

/** Text that is an object or a list of JSON says so, unless a header says something else. */
function withContentType(headers: Headers | undefined, body: BodyText | undefined): Headers | undefined {
  const isSaid = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
  return isSaid || typeof body !== 'string' || !isJson(body)
    ? headers
    : { ...headers, 'content-type': 'application/json' };
}

function isJson(text: string): boolean {
  try {
    return /^\s*[[{]/.test(text) && JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

/** How connections over TLS are made, where that is said. */
function driverOf({ origin }: Place, { ca, insecure }: RequestFlags): Written | undefined {
  if (ca === undefined && insecure !== true) return undefined;
  if (!origin.startsWith('https:')) throw bad('--ca and --insecure are for https://', 'Leave them out.');
  if (ca !== undefined && insecure === true) throw bad('--insecure takes any certificate', 'Leave --ca out.');
  return { use: 'http1', tls: ca === undefined ? { rejectUnauthorized: false } : { ca } };
}

const nameOf = ({ method, path, body }: RequestWords): string =>
  `${method ?? (body === undefined ? 'GET' : 'POST')} ${path}`;

function commandOf(verb: string, command: readonly string[]): readonly string[] {
  if (command.length > 0 && command[0] !== '') return command;
  throw bad(`perfkeel ${verb} has no program to start`, `Write perfkeel ${verb} -- node server.js.`);
}

function count(flag: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw bad(`${flag} is not a whole number from 1 upwards`, `Write ${flag} 10.`);
}

/** When a start is over: a word of the language, a path that answers, else a line on stdout. */
const startReadyOf = (text: string): Written => (['exit', 'ipc', 'mcp'].includes(text) ? text : readyOf(text));

function readyOf(text: string): Written {
  if (text === 'port') return text;
  if (text.startsWith('http:')) return { http: text.slice('http:'.length) };
  try {
    return new RegExp(text);
  } catch {
    throw bad(`--ready ${JSON.stringify(text)} is no regular expression`, "Write --ready 'listening on', or port.");
  }
}
