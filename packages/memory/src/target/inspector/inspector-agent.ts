import { agentSource } from '../agent-source.ts';
import type { AgentCall } from '../agent.ts';

/** Calls of the Chrome DevTools protocol; rejects with what the other side says. */
export type InspectorPost = (method: string, params: object) => Promise<unknown>;

interface Evaluated {
  readonly result?: { readonly objectId?: string; readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text?: string;
    readonly exception?: { readonly description?: string };
  };
}

/** The value of an expression inside; it must fit into JSON. */
export async function evaluate(post: InspectorPost, expression: string): Promise<unknown> {
  const answer = (await post('Runtime.evaluate', { expression, returnByValue: true })) as Evaluated;
  return expectDone(answer).result?.value;
}

function expectDone(answer: Evaluated): Evaluated {
  const { exceptionDetails } = answer;
  if (exceptionDetails === undefined) return answer;
  throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text ?? 'an evaluation failed');
}

/** Sends the agent into a running program, and asks it from then on. */
export async function injectAgent(post: InspectorPost): Promise<AgentCall> {
  const expression = `(${agentSource})((name) => process.getBuiltinModule(name))`;
  const { result } = expectDone((await post('Runtime.evaluate', { expression })) as Evaluated);
  const objectId = result?.objectId;
  return async (method, ...args) => {
    const answer = await post('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: `function (...args) { return this.${method}(...args); }`,
      arguments: args.map((value) => ({ value })),
      awaitPromise: true,
      returnByValue: true,
    });
    return expectDone(answer as Evaluated).result?.value;
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The connection ended, from whichever side. */
export class InspectorClosed extends Error {
  constructor() {
    super('the inspector is closed');
  }
}

/** Numbers messages, and finds the caller of each answer. */
export class InspectorCalls {
  readonly #send: (text: string) => void;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;
  #isOver = false;
  /** Gets the name of whatever the other side tells unasked. */
  onEvent: (method: string) => void = () => undefined;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  readonly post: InspectorPost = (method, params) =>
    new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new InspectorClosed());
        return;
      }
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#send(JSON.stringify({ id, method, params }));
    });

  receive(text: string): void {
    const { id, method, result, error } = JSON.parse(text) as Message;
    if (method !== undefined) this.onEvent(method);
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }

  end(): void {
    this.#isOver = true;
    for (const { reject } of this.#waiting.values()) reject(new InspectorClosed());
    this.#waiting.clear();
  }
}
