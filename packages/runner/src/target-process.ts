import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, formatQuantity, msFromNanos, type RunningTarget, type TargetSpec } from '@perfkeel/core';
import { companionFile } from './companion.ts';
import { freePort } from './ports.ts';
import type { LaunchRequest, SupervisorMessage } from './protocol.ts';
import { accepts, untilReady } from './ready.ts';
import { withRetries, type OnRetry } from './retry/with-retries.ts';
import { Tail } from './tail.ts';
import { openVitals } from './target-vitals.ts';
import { timerMs } from './timer.ts';

/** A target that answers, and how to end it. `stop` may be called any number of times. */
export interface StartedTarget extends RunningTarget {
  /** Settles, with the reason and the end of its stderr, when the target ends before `stop` is called. */
  readonly ended: Promise<PerfError>;
  stop(): Promise<void>;
}

type CommandTarget = Extract<TargetSpec, { kind: 'command' }>;

/** Before the second attempt to start a target; before the third it is twice as long. */
const startPauseMs = 250;

/**
 * Starts a target and waits until it is ready: at most three times, unless another attempt cannot succeed. A url is taken
 * as it is, once something accepts connections there or did not three times.
 *
 * @param root the folder in which commands run unless the target names another
 * @throws PerfError `target-not-ready` with the end of its stderr, when it exits or takes too long; it is stopped then.
 */
export async function startTarget(
  spec: TargetSpec,
  root: string,
  signal?: AbortSignal,
  onRetry?: OnRetry,
): Promise<StartedTarget> {
  if (spec.kind === 'url') {
    await reachFirst(spec.url, signal, onRetry);
    return { url: spec.url, ended: new Promise(() => undefined), stop: () => Promise.resolve() };
  }
  const what = `starting the target \`${spec.command.join(' ')}\``;
  return withRetries(() => startOnce(spec, root, signal), {
    ...{ what, pauseMs: startPauseMs, whenUnknown: true, signal, onRetry },
  });
}

/** Each attempt gets a port, and a folder for its vitals, of its own. */
async function startOnce(spec: CommandTarget, root: string, signal?: AbortSignal): Promise<StartedTarget> {
  await refuseForeigner(spec);
  return spec.observed === true ? startObserved(spec, root, signal) : startCommand(spec, root, signal);
}

/** Urls that this process has tried to reach before. */
const tried = new Set<string>();
const firstConnectionMs = 2000;

/**
 * The first connection to a server that runs by itself belongs to nobody's measurement: it may be starting at this moment.
 * When nothing answers in the end, measuring says so in its own words.
 */
async function reachFirst(url: string, signal?: AbortSignal, onRetry?: OnRetry): Promise<void> {
  if (!/^(https?|wss?):/.test(url) || tried.has(url)) return;
  tried.add(url);
  const connect = async (): Promise<void> => {
    if ((await accepts(url, firstConnectionMs)) === false) throw new Error('connection refused');
  };
  const what = `the first connection to ${new URL(url).origin}`;
  await withRetries(connect, { what, pauseMs: startPauseMs, signal, onRetry }).catch(() => undefined);
}

/** What its processes tell of themselves is there as long as it runs. */
async function startObserved(spec: CommandTarget, root: string, signal?: AbortSignal): Promise<StartedTarget> {
  const vitals = openVitals(spec.env);
  try {
    const started = await startCommand({ ...spec, env: vitals.env }, root, signal, vitals.folder);
    return { ...started, vitals: vitals.folder, stop: () => started.stop().finally(() => vitals.remove()) };
  } catch (error) {
    vitals.remove();
    throw error;
  }
}

/** @param scratch a folder that goes with the target, even when this process is gone by then */
async function startCommand(
  spec: CommandTarget,
  root: string,
  signal?: AbortSignal,
  scratch?: string,
): Promise<StartedTarget> {
  const started = await launch(withPort(spec, String(await freePort())), root, scratch);
  try {
    return await becomeReady(started, signal);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** With a fixed port, whatever already listens there would be measured instead of the target. */
async function refuseForeigner({ ready, url }: CommandTarget): Promise<void> {
  if (ready.kind === 'stdout' || url.includes('{port}') || !(await accepts(url))) return;
  throw new PerfError(`something else already answers at ${url}, where the target should`, {
    code: 'target-not-ready',
    hint: 'End it, or write {port} in `url` and let the target listen on PORT.',
  });
}

/** The same target with `{port}` filled in everywhere. */
function withPort(spec: CommandTarget, port: string): CommandTarget {
  const fill = (text: string): string => text.replaceAll('{port}', port);
  const env = Object.fromEntries(Object.entries(spec.env).map(([name, value]) => [name, fill(value)]));
  return { ...spec, command: spec.command.map(fill), env: { PORT: port, ...env }, url: fill(spec.url) };
}

interface Launched {
  readonly spec: CommandTarget;
  readonly supervisor: ChildProcess;
  readonly stderr: Tail;
  readonly stdout: Tail;
  readonly pid: Promise<number>;
  /** Settles, always with a sentence, when the target has ended by itself or could not be started. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

async function launch(spec: CommandTarget, root: string, scratch: string | undefined): Promise<Launched> {
  const cwd = resolve(root, spec.cwd ?? '.');
  if (!existsSync(cwd)) {
    throw new PerfError(`the folder of the target does not exist: ${cwd}`, {
      code: 'target-not-ready',
      hint: 'Correct `cwd` of the target.',
    });
  }
  const supervisor = spawn(process.execPath, [await companionFile('supervisor')], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
    // In a session of its own, so that a closed terminal does not end it before it has ended the target.
    detached: true,
  });
  const gone = new Promise<void>((done) => {
    supervisor.once('exit', () => done());
    supervisor.once('error', () => done());
  });
  const messages = listen(supervisor);
  const [program, ...words] = spec.command;
  const command = [program === 'node' ? process.execPath : program!, ...words];
  const graceMs = timerMs(msFromNanos(spec.stopTimeout));
  const request: LaunchRequest = { command, cwd, env: spec.env, graceMs, scratch };
  // A failure to send is a failure to start, and is reported as that.
  supervisor.send(request, () => undefined);
  return {
    spec,
    supervisor,
    ...messages,
    stdout: new Tail(supervisor.stdout),
    stderr: new Tail(supervisor.stderr),
    stop: () => stopSupervisor(supervisor, gone),
  };
}

function listen(supervisor: ChildProcess): { pid: Promise<number>; ended: Promise<string> } {
  let launched: (pid: number) => void;
  const pid = new Promise<number>((resolve) => (launched = resolve));
  const ended = new Promise<string>((resolve) => {
    supervisor.once('error', (error) => resolve(`could not be started: ${error.message}`));
    supervisor.once('exit', () => resolve('was stopped'));
    supervisor.on('message', (message: SupervisorMessage) => {
      if (message.type === 'launched') launched(message.pid);
      else if (message.type === 'failed') resolve(`could not be started: ${message.message}`);
      else resolve(message.signal === null ? `exited with code ${message.code}` : `was ended by ${message.signal}`);
    });
  });
  return { pid, ended };
}

/** Closing the channel is the request to stop: the supervisor ends the target and then itself. */
async function stopSupervisor(supervisor: ChildProcess, gone: Promise<void>): Promise<void> {
  if (supervisor.connected) supervisor.disconnect();
  await gone;
}

async function becomeReady(started: Launched, signal: AbortSignal | undefined): Promise<StartedTarget> {
  const { spec } = started;
  const waiting = new AbortController();
  const abort = signal ? AbortSignal.any([waiting.signal, signal]) : waiting.signal;
  try {
    const announced = await Promise.race([
      untilReady(spec.ready, spec.url, started.supervisor.stdout!, abort),
      started.ended.then((how) => Promise.reject(notReady(started, `it ${how}`))),
      sleep(timerMs(msFromNanos(spec.startTimeout)), undefined, { signal: abort }).then(() =>
        Promise.reject(notReady(started, `it was not ready after ${formatQuantity(spec.startTimeout, 'ns')}`)),
      ),
    ]);
    return {
      url: announced.url ?? spec.url,
      pid: await started.pid,
      ended: started.ended.then((how) => endedEarly(started, how)),
      stop: () => started.stop(),
    };
  } finally {
    waiting.abort();
  }
}

function expectation({ ready, url }: CommandTarget): string {
  switch (ready.kind) {
    case 'stdout':
      return `a line on stdout that matches /${ready.pattern.source}/${ready.pattern.flags}`;
    case 'port':
      return `an open port at ${url}`;
    case 'http':
      return `an answer below 500 from ${new URL(ready.path, url).href}`;
  }
}

/** What a target printed last, indented under its message. */
function output({ stdout, stderr }: Launched): string {
  const said = [
    ['stderr', stderr.lines()],
    ['stdout', stdout.lines(4)],
  ].filter(([, text]) => text !== '');
  return said.map(([name, text]) => `\n   its ${name}:\n${text!.replace(/^/gm, '   | ')}`).join('');
}

function notReady(launched: Launched, what: string): PerfError {
  const { spec } = launched;
  const expected = `expected ${expectation(spec)}`;
  return new PerfError(
    `the target \`${spec.command.join(' ')}\` did not become ready: ${what}; ${expected}${output(launched)}`,
    {
      code: 'target-not-ready',
      hint: 'Run the command by hand; `ready`, `cwd`, `env` and `startTimeout` of the target say what to wait for.',
    },
  );
}

/** Behind the line that says so, an engine that gives up prints a stack of its own, and aborts: 134 on Windows and through shells. */
const outOfMemory = /^.*out of memory.*$/im;

function endedEarly(launched: Launched, how: string): PerfError {
  const said = /SIGABRT|code 134\b/.test(how) ? outOfMemory.exec(launched.stderr.lines(100))?.[0] : undefined;
  if (said === undefined) return endedAsItIs(launched, how);
  return new PerfError(
    `the target \`${launched.spec.command.join(' ')}\` ran out of memory while it was measured: it ${how}\n   | ${said.trim()}`,
    {
      code: 'out-of-memory',
      hint: 'What was measured until then is kept. --max-old-space-size=4096 among the words of its command gives it more.',
    },
  );
}

const endedAsItIs = (launched: Launched, how: string): PerfError =>
  new PerfError(`the target \`${launched.spec.command.join(' ')}\` ${how} while it was measured${output(launched)}`, {
    code: 'target-ended',
    hint: 'A target must live until its round is over; run the command by hand under the same load.',
  });
