import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, describeValue, usageError } from '@perfkeel/core';
import { catches, programOf } from '../process-facts.ts';
import { noSuchProcess } from '../target-error.ts';

const defaultPort = 9229;
const answerMs = 1000;
/** A busy program opens its inspector between two turns of its loop. */
const defaultOpenMs = 5000;
const looksPerSignal = 40;
const looksUntilClosed = 10;

/** The WebSocket url of the inspector that listens on a port of this machine; `undefined` when there is none. */
export function inspectorAt(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = get({ host, port, path: '/json/list', timeout: answerMs }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(urlIn(text)));
    });
    asked.once('error', () => resolve(undefined));
    asked.once('timeout', () => asked.destroy());
  });
}

function urlIn(text: string): string | undefined {
  try {
    const [first] = JSON.parse(text) as { webSocketDebuggerUrl?: string }[];
    return first?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}

/** Ports on which a process listens at loopback addresses of version 4; `undefined` where that is not told. */
export function listeningPorts(pid: number): readonly number[] | undefined {
  try {
    const sockets = new Set(
      readdirSync(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(pid, fd))?.[1] ?? []),
    );
    const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1);
    return rows.flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      // 0A is LISTEN; the address is hexadecimal.
      return fields[3] === '0A' && sockets.has(fields[9]!) ? [parseInt(fields[1]!.split(':')[1]!, 16)] : [];
    });
  } catch {
    return undefined;
  }
}

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

export interface FoundInspector {
  readonly url: string;
  /** Whether it was we who opened it. */
  readonly opened: boolean;
}

const refused = (pid: number, why: string, hint: string): PerfError =>
  new PerfError(`process ${pid} offers no inspector: ${why}`, { code: 'no-inspector', hint });

/**
 * The inspector of a process, which is asked to open one when it has none.
 *
 * @throws PerfError `no-inspector`, with what stands in the way.
 */
export async function findInspector(pid: number, openMs = defaultOpenMs): Promise<FoundInspector> {
  const before = listeningPorts(pid);
  // Other ports are those of a server, which need not be asked.
  const own = startedWithInspector(pid) ? before : before?.filter((port) => port === defaultPort);
  const found = await firstInspector(own ?? [defaultPort]);
  if (found !== undefined) return { url: found, opened: false };
  const known = before?.filter((port) => port !== defaultPort);
  await expectNode(pid);
  const deadline = performance.now() + openMs;
  for (let looks = 0; performance.now() < deadline; looks++) {
    // Few, in case the program has a handler of its own: again where an inspector that was just being closed may not have
    // heard it, and while another one has the port, perhaps briefly.
    const again = looks > 0 && looks % looksPerSignal === 0 && (await inspectorAt(defaultPort)) !== undefined;
    if (looks === 0 || looks === looksUntilClosed || again) signalIt(pid);
    await sleep(25);
    // Now and then also where one was just being closed: it is opened again at the same port.
    const isReopened = (port: number): boolean =>
      looks > 0 && looks % looksUntilClosed === 0 && own?.includes(port) === true;
    const isNew = (port: number): boolean => !known?.includes(port) || isReopened(port);
    // Where nobody tells whose port it is, whoever connects asks for the process number.
    const url = await firstInspector(listeningPorts(pid)?.filter(isNew) ?? [defaultPort]);
    if (url !== undefined) return { url, opened: true };
  }
  throw await notOpened(pid, openMs);
}

async function firstInspector(ports: readonly number[]): Promise<string | undefined> {
  for (const port of ports) {
    const url = await inspectorAt(port);
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Whether nobody listens any more at the address of an inspector; true where that is not told. */
export function isClosed(pid: number, url: string): boolean {
  return listeningPorts(pid)?.includes(Number(new URL(url).port)) !== true;
}

function startedWithInspector(pid: number): boolean {
  try {
    return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes('--inspect'));
  } catch {
    return true;
  }
}

/** The signal would end a program that does not know it. */
async function expectNode(pid: number): Promise<void> {
  const sigusr1 = constants.signals.SIGUSR1;
  // A process that has just begun does not listen yet.
  for (let i = 0; i < 20 && catches(pid, sigusr1) === false; i++) await sleep(25);
  const caught = process.platform === 'linux' ? catches(pid, sigusr1) : /node/.test(programOf(pid) ?? '');
  if (caught !== false) return;
  const program = programOf(pid);
  throw refused(
    pid,
    `${program === undefined ? 'it' : describeValue(program)} does not listen to SIGUSR1, as Node does unless told not to`,
    'Use watchPid(pid) for other programs; a worker or a program started with --disable-sigusr1 needs --inspect=127.0.0.1:0.',
  );
}

function signalIt(pid: number): void {
  try {
    process.kill(pid, 'SIGUSR1');
  } catch {
    throw noSuchProcess(pid);
  }
}

async function notOpened(pid: number, openMs: number): Promise<PerfError> {
  const taken = await inspectorAt(defaultPort);
  if (taken !== undefined) {
    return refused(
      pid,
      `another process has an inspector on port ${defaultPort}, which this one wanted`,
      'End the other one, or start this one with --inspect=127.0.0.1:0 or --inspect-port=0.',
    );
  }
  return refused(
    pid,
    `it did not open one within ${openMs / 1000} s of SIGUSR1`,
    'Its event loop may be blocked, or it has a SIGUSR1 handler of its own: start it with --inspect=127.0.0.1:0.',
  );
}

/** @throws PerfError `bad-target`, exit code 2, for anything but `ws://` to this machine. */
export function expectLoopback(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isLocal = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(parsed?.hostname ?? '');
  if (parsed?.protocol === 'ws:' && isLocal) return;
  throw usageError(`${describeValue(url)} is no inspector of this machine`, {
    code: 'bad-target',
    hint: 'Write ws://127.0.0.1:9229/… as node --inspect prints it. An inspector runs any code: reach others by a tunnel.',
    excerpt: 'inspectorUrl',
  });
}
