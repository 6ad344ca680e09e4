import { get } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { nanos, type Clock, type Nanos, type PatternData, type ReadyCondition } from '@perfkeel/core';

/** Also the resolution with which an open port is seen. */
const pollMs = 2;
const longestLine = 65_536;

/** The time at which the condition was seen to hold. Stays pending when `signal` aborts first. */
export function untilReady(
  ready: ReadyCondition,
  port: number,
  stdout: Readable | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<Nanos> {
  switch (ready.kind) {
    case 'stdout':
      return untilMatch(ready.pattern, stdout, clock);
    case 'port':
      return poll(() => accepts(port), clock, signal);
    case 'http':
      return poll(() => answers(port, ready.path), clock, signal);
  }
}

function untilMatch({ source, flags }: PatternData, stdout: Readable | null, clock: Clock): Promise<Nanos> {
  const pattern = new RegExp(source, flags);
  return new Promise((resolve) => {
    let rest = '';
    // The listener stays, so that the program can go on writing.
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const at = clock.now();
      const lines = (rest + chunk).split(/\r?\n/);
      // The last line may be incomplete: it is looked at now, and again when more of it arrives.
      rest = lines[lines.length - 1]!.slice(-longestLine);
      if (lines.some((line) => pattern.test(line))) resolve(at);
    });
  });
}

async function poll(isReady: () => Promise<boolean>, clock: Clock, signal: AbortSignal): Promise<Nanos> {
  while (!signal.aborted) {
    if (await isReady()) return clock.now();
    await sleep(pollMs);
  }
  return nanos(NaN);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    // No agent: a kept connection would hold up the end of the program.
    const request = get({ port, host: '127.0.0.1', path, agent: false }, (response) => {
      response.resume();
      response.once('error', () => undefined);
      resolve((response.statusCode ?? 500) < 500);
    });
    request.once('error', () => resolve(false));
  });
}
