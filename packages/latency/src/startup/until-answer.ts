import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { nanos, type Clock, type Nanos } from '@perfkeel/core';

/** Also the resolution with which an open port is seen. */
const pollMs = 2;

/** When a port of 127.0.0.1 was seen to accept. Stays pending when `signal` aborts first. */
export const untilOpen = (port: number, clock: Clock, signal: AbortSignal): Promise<Nanos> =>
  poll(() => accepts(port), clock, signal);

/** When the head of an answer with this status, or with any below 500, had come. Stays pending when `signal` aborts first. */
export const untilAnswer = (
  port: number,
  path: string,
  status: number | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<Nanos> => poll(() => answers(port, path, status), clock, signal);

async function poll(isReady: () => Promise<boolean>, clock: Clock, signal: AbortSignal): Promise<Nanos> {
  while (!signal.aborted) {
    if (await isReady()) return clock.now();
    await sleep(pollMs);
  }
  return new Promise(() => undefined);
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

function answers(port: number, path: string, status: number | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    // No agent: a kept connection would hold up the end of the program.
    const request = get({ port, host: '127.0.0.1', path, agent: false }, (response) => {
      const { statusCode = 500 } = response;
      resolve(status === undefined ? statusCode < 500 : statusCode === status);
      // Nobody waits for the rest of it, which may never end.
      response.resume();
      response.once('error', () => undefined);
    });
    request.once('error', () => resolve(false));
  });
}

/** Nanoseconds that one request takes; `undefined` when it gets no good answer. */
export async function timeAnswer(
  port: number,
  path: string,
  status: number | undefined,
  clock: Clock,
): Promise<Nanos | undefined> {
  const start = clock.now();
  return (await answers(port, path, status)) ? nanos(clock.now() - start) : undefined;
}
