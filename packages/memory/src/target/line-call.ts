import type { Duplex } from 'node:stream';
import type { AgentCall } from './agent.ts';

/** Calls over a stream, one JSON value a line in each direction. */
export interface LineCall {
  readonly call: AgentCall;
  /** Settles when the other end has spoken. */
  readonly hello: Promise<void>;
}

interface Answer {
  readonly hello?: true;
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Pending calls are rejected when the stream ends. */
export function createLineCall(stream: Duplex): LineCall {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let greet: () => void;
  const hello = new Promise<void>((resolve) => (greet = resolve));
  const broken = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('the channel to the agent is closed'));
    waiting.clear();
  };
  onLines(stream, (line) => {
    const { hello: greeted, id, value, error } = JSON.parse(line) as Answer;
    if (greeted) return greet();
    const { resolve, reject } = waiting.get(id!) ?? {};
    waiting.delete(id!);
    return error === undefined ? resolve?.(value) : reject?.(new Error(error));
  });
  stream.on('error', broken);
  stream.on('close', broken);
  return {
    hello,
    call: (method, ...args) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        if (stream.destroyed) broken();
        else stream.write(`${JSON.stringify({ id, method, args })}\n`);
      }),
  };
}

function onLines(stream: Duplex, use: (line: string) => void): void {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop()!;
    lines.forEach(use);
  });
}
