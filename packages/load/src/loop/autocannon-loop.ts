import type { EventEmitter } from 'node:events';
import type { Nanos } from '@perfkeel/core';
import type { Instance, Options, Request } from 'autocannon';
import type { PreparedRequest } from '../prepared-request.ts';
import type { ClosedProfile } from '../profile/load-profile.ts';
import { totalDuration, windowsOf, type Window } from '../profile/phase.ts';
import { wirePath } from '../wire-path.ts';
import { ClientLedger } from './client-ledger.ts';
import { mustStop, type LoadRun, type LoopEnd, type StartLoop } from './load-run.ts';

/** The clients of autocannon, as its documentation has them. */
type Client = EventEmitter & { setRequests(requests: readonly Request[]): void };

/** What autocannon returns: its types know only the promise of it. */
type RunningInstance = Instance & PromiseLike<unknown>;

export interface AutocannonWork {
  readonly url: URL;
  /** The order of requests, as a cycle. */
  readonly requests: readonly PreparedRequest[];
  readonly timeout: Nanos;
}

/** How it ended. `cutAnswers` counts answers that ended in their middle. */
export type AutocannonEnd = LoopEnd & { readonly cutAnswers: number };

/** How often autocannon looks whether it should stop. */
const stopIntervalMs = 50;

/**
 * The closed model on autocannon's connections: a second opinion on the closed loop, for a constant number of clients.
 *
 * @returns what starts it, once autocannon is loaded: nobody else pays for that
 */
export async function prepareAutocannon(
  run: LoadRun,
  profile: ClosedProfile,
  work: AutocannonWork,
): Promise<StartLoop<AutocannonEnd>> {
  const { default: autocannon } = await import('autocannon');
  return (now) => {
    const loop = new AutocannonLoop(run, profile, work, now);
    return loop.runWith(autocannon(loop.options()) as unknown as RunningInstance);
  };
}

class AutocannonLoop {
  readonly #run: LoadRun;
  readonly #profile: ClosedProfile;
  readonly #work: AutocannonWork;
  readonly #windows: readonly Window[];
  readonly #now: () => Nanos;
  readonly #ledgers: ClientLedger[] = [];
  #instance: RunningInstance | undefined;
  #stopped = false;

  constructor(run: LoadRun, profile: ClosedProfile, work: AutocannonWork, now: () => Nanos) {
    this.#run = run;
    this.#profile = profile;
    this.#work = work;
    this.#windows = windowsOf(profile.phases);
    this.#now = now;
  }

  options(): Options {
    const { url, requests, timeout } = this.#work;
    const clients = this.#profile.phases[0]!.level.from;
    const converted = requests.map((request) => autocannonRequest(url, request));
    const longest = totalDuration(this.#profile.phases) + timeout;
    return {
      url: url.href,
      connections: clients,
      pipelining: 1,
      // A net under `stop`, which ends the run.
      duration: Math.ceil(longest / 1e9) + 5,
      timeout: timeout / 1e9,
      sampleInt: stopIntervalMs,
      requests: converted,
      setupClient: (client) => this.#openLedger(client as EventEmitter as Client, converted, clients),
    };
  }

  async runWith(instance: RunningInstance): Promise<AutocannonEnd> {
    this.#instance = instance;
    const { signal, recorder } = this.#run;
    const stop = (): void => this.#stop();
    signal?.addEventListener('abort', stop, { once: true });
    const atEnd = setTimeout(() => this.#stopWhenDone(), totalDuration(this.#profile.phases) / 1e6 + 1);
    if (mustStop(this.#run)) this.#stop();
    try {
      await instance;
    } finally {
      clearTimeout(atEnd);
      signal?.removeEventListener('abort', stop);
    }
    const pending = this.#pending();
    for (const sentAt of pending) recorder.givenUp(this.#phaseAt(sentAt), -1);
    const cutAnswers = this.#ledgers.reduce((sum, ledger) => sum + ledger.cutAnswers, 0);
    return { interrupted: !this.#isOver() || pending.length > 0, cutAnswers };
  }

  /** Clients start at different places of the cycle, so that they do not all send the same request at once. */
  #openLedger(client: Client, converted: readonly Request[], clients: number): void {
    const { recorder } = this.#run;
    const { requests, timeout } = this.#work;
    const start = Math.floor((this.#ledgers.length / clients) * requests.length);
    const rotated = <T>(list: readonly T[]): readonly T[] => [...list.slice(start), ...list.slice(0, start)];
    if (start > 0) client.setRequests(rotated(converted).map((request) => ({ ...request })));
    this.#ledgers.push(
      new ClientLedger(client, {
        recorder,
        now: this.#now,
        phaseAt: (time) => this.#phaseAt(time),
        timeout,
        requests: rotated(requests),
        onSettled: () => {
          if (mustStop(this.#run)) this.#stop();
          else if (this.#isOver()) this.#stopWhenDone();
        },
      }),
    );
  }

  /** Behind the last phase -1: that is sent only because autocannon does not know how to stop a single client. */
  #phaseAt(time: number): number {
    return this.#windows.findIndex(({ end }) => time < end);
  }

  /** Requests of the phases that have no outcome yet. */
  #pending(): readonly number[] {
    return this.#ledgers.flatMap(({ pending }) => pending).filter((sentAt) => this.#phaseAt(sentAt) >= 0);
  }

  #isOver(): boolean {
    return this.#now() >= this.#windows.at(-1)!.end;
  }

  #stopWhenDone(): void {
    if (!this.#stopped && this.#pending().length === 0) this.#stop();
  }

  #stop(): void {
    if (this.#stopped || this.#instance === undefined) return;
    this.#stopped = true;
    this.#instance.stop();
  }
}

/** autocannon writes the content length by itself, and would write it twice. */
function autocannonRequest(url: URL, { method, path, headers, body }: PreparedRequest): Request {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'));
  return { method: method as NonNullable<Request['method']>, path: wirePath(url, path), headers: own, body };
}
