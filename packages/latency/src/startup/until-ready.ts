import type { Clock, Nanos } from '@perfkeel/core';
import { mcpHandshake } from './mcp-handshake.ts';
import { isPort, type PortSource, type StartupCondition } from './ready-condition.ts';
import type { StartedProcess } from './start-process.ts';
import { timeAnswer, untilAnswer, untilOpen } from './until-answer.ts';
import { untilLine } from './until-line.ts';

/** A program that was seen to be ready. */
export interface Readiness {
  readonly at: Nanos;
  readonly portOpenAt?: Nanos;
  /** Nanoseconds of one more request, where the program answers requests; `undefined` when it got no good answer. */
  readonly again?: () => Promise<Nanos | undefined>;
}

/** It has answered, and will not become ready. */
export interface Refusal {
  readonly refusal: string;
}

/** Every way but the end of the program. */
export type LivingCondition = Exclude<StartupCondition, { readonly kind: 'exit' }>;

/** Stays pending when `signal` aborts first, or when it never becomes ready. */
export async function untilReady(
  ready: LivingCondition,
  chosenPort: number,
  started: StartedProcess,
  clock: Clock,
  signal: AbortSignal,
): Promise<Readiness | Refusal> {
  switch (ready.kind) {
    case 'output':
      return { at: (await untilLine(ready.pattern, started[ready.stream], clock)).at };
    case 'port': {
      const port = await portOf(ready.port, chosenPort, started, clock);
      return typeof port === 'number' ? { at: await untilOpen(port, clock, signal) } : port;
    }
    case 'http': {
      const port = await portOf(ready.port, chosenPort, started, clock);
      if (typeof port !== 'number') return port;
      const portOpenAt = await untilOpen(port, clock, signal);
      const at = await untilAnswer(port, ready.path, ready.status, clock, signal);
      return { at, portOpenAt, again: () => timeAnswer(port, ready.path, ready.status, clock) };
    }
    case 'ipc':
      return { at: await untilMessage(ready.message, started, clock) };
    case 'mcp':
      return mcpHandshake(started.stdin, started.stdout, ready.era, clock);
  }
}

async function portOf(
  source: PortSource,
  chosen: number,
  { stdout }: StartedProcess,
  clock: Clock,
): Promise<number | Refusal> {
  if (source.kind === 'chosen') return chosen;
  if (source.kind === 'own') return source.port;
  const { match } = await untilLine(source.pattern, stdout, clock, true);
  const port = Number(match.groups?.['port']);
  return isPort(port) ? port : { refusal: `it wrote ${JSON.stringify(match[0])}, which names no port` };
}

function untilMessage(wanted: string, started: StartedProcess, clock: Clock): Promise<Nanos> {
  return new Promise((resolve) => {
    started.onMessage((message) => {
      if (wanted === 'any' || message === wanted) resolve(clock.now());
    });
  });
}
