import { answerOf, transportError, type McpAnswer } from './answer.ts';
import { startChild, type Child } from './child.ts';
import { LineSplitter } from './line-splitter.ts';
import { answerTo, isAnswer, parseMessage, type Outgoing } from './message.ts';
import { cancelled, emptyWireCount, tell, type NotificationListener, type Transport } from './transport.ts';
import type { StdioServer } from '../server.ts';

/** A message a line, over the pipes of a process that it starts. Any number of requests may be under way. */
export class StdioTransport implements Transport {
  readonly wire = emptyWireCount();
  onNotification: NotificationListener | undefined;
  readonly #child: Child;
  readonly #waiting = new Map<number, (answer: McpAnswer) => void>();
  /** Lines that wait until the pipe takes more: a server that does not read must not fill this process. */
  readonly #queue: string[] = [];
  #full = false;
  #over: McpAnswer | undefined;

  constructor(server: StdioServer) {
    this.#child = startChild(server);
    const lines = new LineSplitter((line) => this.#read(line));
    this.#child.process.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    void this.#child.drained.then((how) => this.#end(how));
  }

  get pid(): number | undefined {
    return this.#child.process.pid;
  }

  request(message: Outgoing & { readonly id: number }): Promise<McpAnswer> {
    if (this.#over) {
      this.wire.unsent += 1;
      return Promise.resolve(this.#over);
    }
    return new Promise((resolve) => {
      this.#waiting.set(message.id, resolve);
      this.wire.requests += 1;
      this.#write(message);
    });
  }

  notify(message: Outgoing): Promise<void> {
    this.#write(message);
    return Promise.resolve();
  }

  cancel(id: number): Promise<void> {
    return this.notify(cancelled(id));
  }

  listen(): Promise<boolean> {
    return Promise.resolve(true);
  }

  forget(id: number): void {
    this.#waiting.delete(id);
  }

  agree(): void {
    // A pipe has one session, and its messages carry everything.
  }

  close(): Promise<void> {
    return this.#child.stop();
  }

  #write(message: object): void {
    const line = `${JSON.stringify(message)}\n`;
    if (this.#full) this.#queue.push(line);
    else this.#send(line);
  }

  #send(line: string): void {
    const { stdin } = this.#child.process;
    if (!stdin.writable || stdin.write(line)) return;
    this.#full = true;
    stdin.once('drain', () => {
      this.#full = false;
      while (!this.#full && this.#queue.length > 0) this.#send(this.#queue.shift()!);
    });
  }

  #read(line: string): void {
    if (line.trim() === '') return;
    const message = parseMessage(line);
    if (message === undefined) {
      this.wire.strange += 1;
      return;
    }
    if (isAnswer(message)) {
      const resolve = this.#waiting.get(message.id as number);
      this.#waiting.delete(message.id as number);
      resolve?.(answerOf(message));
      return;
    }
    tell(this.onNotification, message);
    const answer = answerTo(message);
    if (answer !== undefined) this.#write(answer);
  }

  #end(how: string): void {
    const words = this.#child.lastWords();
    this.#over = transportError('closed', `the server ${how}${words === '' ? '' : `; it said: ${words}`}`);
    for (const resolve of this.#waiting.values()) resolve(this.#over);
    this.#waiting.clear();
  }
}
