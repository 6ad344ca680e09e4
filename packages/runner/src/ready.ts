import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PatternData, ReadyCondition } from '@perfkeel/core';

const pollMs = 20;

/** What a target said about itself when it became ready. */
export interface Announced {
  readonly url?: string | undefined;
}

/** Resolves when the condition holds, and stops trying when `signal` aborts; the caller races time-out and exit. */
export function untilReady(
  ready: ReadyCondition,
  url: string,
  stdout: Readable,
  signal: AbortSignal,
): Promise<Announced> {
  switch (ready.kind) {
    case 'stdout':
      return untilMatch(ready.pattern, url, stdout, signal);
    case 'port':
      return poll(async () => (await accepts(url)) === true, signal);
    case 'http':
      return poll(() => answers(new URL(ready.path, url), signal), signal);
  }
}

/** Line by line; a named group `url` or `port` tells where the target answers. */
function untilMatch(pattern: PatternData, url: string, stdout: Readable, signal: AbortSignal): Promise<Announced> {
  const expression = new RegExp(pattern.source, pattern.flags);
  return new Promise((resolve) => {
    let rest = '';
    const look = (chunk: string): void => {
      const lines = (rest + chunk).split(/\r?\n/);
      // The last line may be incomplete: it is looked at now, and again when more of it arrives.
      rest = lines[lines.length - 1]!.slice(-65_536);
      const match = lines.map((line) => expression.exec(line)).find((found) => found !== null);
      if (!match) return;
      stdout.off('data', look);
      resolve({ url: announcedUrl(match.groups, url) });
    };
    stdout.on('data', look);
    signal.addEventListener('abort', () => stdout.off('data', look), { once: true });
  });
}

function announcedUrl(groups: Record<string, string | undefined> | undefined, url: string): string | undefined {
  if (groups?.['url'] !== undefined) return groups['url'];
  if (groups?.['port'] === undefined) return undefined;
  const changed = new URL(url);
  changed.port = groups['port'];
  return changed.href.replace(/\/$/, '');
}

async function poll(isReady: () => Promise<boolean>, signal: AbortSignal): Promise<Announced> {
  while (!signal.aborted) {
    if (await isReady()) return {};
    await sleep(pollMs);
  }
  return {};
}

/**
 * Whether something accepts connections at a url.
 *
 * @param waitMs how long it may take; where a network swallows everything, the system itself would wait for minutes
 * @returns undefined when it took longer
 */
export function accepts(url: string, waitMs?: number): Promise<boolean | undefined> {
  const { hostname, port, protocol } = new URL(url);
  // A url writes an IPv6 address in brackets, a socket does not.
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
    const done = (ready: boolean | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(ready);
    };
    const timer = waitMs === undefined ? undefined : setTimeout(() => done(undefined), waitMs);
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function answers(url: URL, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}
