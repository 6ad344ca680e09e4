import type { Redactor } from '@perfkeel/core';
import { answerOf, transportError, type McpAnswer } from './answer.ts';
import { tooLong, type AnswerLimit } from './answer-limit.ts';
import { drainMs, startChild, type Child } from './child.ts';
import { LineSplitter } from './line-splitter.ts';
import { answerTo, isAnswer, parseMessage, type Outgoing } from './message.ts';
import { noteId, noteText, oddWords, type Oddities } from './oddities.ts';
import { cancelled, emptyWireCount, tell, type NotificationListener, type Transport } from './transport.ts';
import type { StdioServer } from '../server.ts';

/** A line of so many bytes has no end worth waiting for. */
const endless = 2 ** 30;

/** Messages that wait to be read. */
const mostQueued = 10_000;

const shownChars = 1000;

/** What came last, in whole lines: what came before has led to it, and is in nobody's report. */
const ending = (words: string): string =>
  words.length <= shownChars ? words : `… ${words.slice(-shownChars).replace(/^[^\n]*\n/, '')}`;

/** A message a line, over the pipes of a process that it starts. Any number of requests may be under way. */
export class StdioTransport implements Transport {
  readonly wire = emptyWireCount();
  readonly odd: Oddities = {};
  onNotification: NotificationListener | undefined;
  readonly #child: Child;
  readonly #waiting = new Map<number, (answer: McpAnswer) => void>();
  /** Lines that wait until the pipe takes more: a server that does not read must not fill this process. */
  readonly #queue: string[] = [];
  readonly #present: Redactor;
  readonly #lines: LineSplitter;
  #full = false;
  #last = 0;
  #over: McpAnswer | undefined;

  constructor(server: StdioServer, limit: AnswerLimit, present: Redactor) {
    this.#present = present;
    this.#child = startChild(server);
    const onTooLong = (passed: number): void => this.#tooLong(limit, passed);
    this.#lines = new LineSplitter((line) => this.#read(line), { bytes: limit.bytes, onTooLong });
    const { stdin, stdout, stderr } = this.#child.process;
    stdout.on('data', (chunk: Buffer) => this.#lines.push(chunk));
    stderr.on('data', (text: string) => (this.odd.saidAside = (this.odd.saidAside ?? 0) + text.length));
    // When it has ended, that says more.
    stdin.on('error', () => void setTimeout(() => this.#finish('the server has closed its stdin'), drainMs).unref());
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
      this.#last = message.id;
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
      noteText(this.odd, line);
      return;
    }
    if (isAnswer(message)) {
      const resolve = this.#waiting.get(message.id as number);
      this.#waiting.delete(message.id as number);
      if (resolve === undefined) noteId(this.odd, message.id, this.#last);
      else resolve(answerOf(message, line.length));
      return;
    }
    this.odd.unasked = (this.odd.unasked ?? 0) + 1;
    tell(this.onNotification, message);
    const answer = answerTo(message);
    // A server that asks and does not read must not fill this process.
    if (answer !== undefined && this.#queue.length < mostQueued) this.#write(answer);
  }

  /** Whose answer it is stands behind its end: all that wait for one have none. */
  #tooLong(limit: AnswerLimit, passed: number): void {
    if (passed * limit.bytes < endless) return this.#answerAll(tooLong(limit));
    if (this.#over !== undefined) return;
    this.#finish('the server was stopped: it wrote a line without an end');
    void this.#child.stop();
  }

  #end(how: string): void {
    const words = ending(this.#present(this.#child.lastWords()));
    const said = words === '' ? oddWords(this.odd) : `; it said: ${words}`;
    this.#finish(`the server ${how}${this.#lines.isWithin ? ' in the middle of a message' : ''}${said}`);
  }

  #finish(why: string): void {
    this.#over ??= transportError('closed', why);
    this.#answerAll(this.#over);
  }

  #answerAll(answer: McpAnswer): void {
    for (const resolve of this.#waiting.values()) resolve(answer);
    this.#waiting.clear();
  }
}
