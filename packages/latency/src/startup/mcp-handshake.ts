import type { Readable, Writable } from 'node:stream';
import { nanos, type Clock, type Nanos } from '@perfkeel/core';
import { eachLine } from './lines.ts';
import type { McpEra } from './ready-condition.ts';

/** The end of a handshake with a server of the Model Context Protocol. */
export interface McpReady {
  readonly at: Nanos;
  /** Nanoseconds of one more request; `undefined` when the server refuses it. */
  again(): Promise<Nanos | undefined>;
}

interface Answer {
  readonly at: Nanos;
  readonly error?: { readonly code?: unknown; readonly message?: unknown } | undefined;
}

type Ask = (method: string, params: object) => Promise<Answer>;

const client = { name: 'perfkeel', version: '1' };
const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client };
/** From this revision on there is no handshake: every request says what it speaks. */
const stateless = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': client,
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

/**
 * Asks a server on its stdin, a message a line, before it can even read: the answer comes when it is ready.
 *
 * @param era the only revision to ask in. By default `initialize` first, and `server/discover` when that is refused.
 * @returns `undefined` with `refusal` when the server answers, but refuses. Stays pending when it never answers.
 */
export async function mcpHandshake(
  stdin: Writable | null,
  stdout: Readable | null,
  era: McpEra | undefined,
  clock: Clock,
): Promise<McpReady | { readonly refusal: string }> {
  const { ask, tell } = conversation(stdin, stdout, clock);
  const refusals: string[] = [];
  if (era !== '2026-07-28') {
    const { at, error } = await ask('initialize', initialize);
    if (error === undefined) {
      tell('notifications/initialized');
      return { at, again: () => timed(ask, 'ping', {}, clock) };
    }
    refusals.push(`initialize with ${errorText(error)}`);
  }
  if (era !== '2025-11-25') {
    const { at, error } = await ask('server/discover', stateless);
    if (error === undefined) return { at, again: () => timed(ask, 'server/discover', stateless, clock) };
    refusals.push(`server/discover with ${errorText(error)}`);
  }
  return { refusal: `it answered ${refusals.join(' and ')}` };
}

async function timed(ask: Ask, method: string, params: object, clock: Clock): Promise<Nanos | undefined> {
  const start = clock.now();
  const { at, error } = await ask(method, params);
  return error === undefined ? nanos(at - start) : undefined;
}

const errorText = ({ code, message }: NonNullable<Answer['error']>): string =>
  `error ${String(code)} (${String(message)})`;

/** Requests with their answers. What the server says of its own accord, or in anything but JSON, is passed over. */
function conversation(
  stdin: Writable | null,
  stdout: Readable | null,
  clock: Clock,
): { readonly ask: Ask; readonly tell: (method: string) => void } {
  const waiting = new Map<number, (answer: Answer) => void>();
  const send = (message: object): void => void stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  eachLine(
    stdout,
    (line) => {
      const at = clock.now();
      const { id, method, error } = parsed(line);
      if (typeof id !== 'number' || method !== undefined) return;
      waiting.get(id)?.({ at, error: error ?? undefined });
      waiting.delete(id);
    },
    true,
  );
  let last = 0;
  return {
    ask: (method, params) =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        send({ id: last, method, params });
      }),
    tell: (method) => send({ method }),
  };
}

interface Incoming {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly error?: Answer['error'] | null;
}

function parsed(line: string): Incoming {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {};
  }
}
