import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { nanos, type Clock, type Nanos } from '@perfkeel/core';
import { deferred, type Deferred } from './deferred.ts';
import { clockOf, couldNotStart, howItEnded, type Beginning, type Ending, type Launched } from './launch.ts';
import { eachLine } from './lines.ts';
import { splitCpu } from './usage.ts';

/** What the launcher says, as it says it. */
export interface LeanReports extends Omit<Launched, 'child'> {
  /** The launcher itself is gone: what it has not said it will not say. */
  gone(how: string): void;
}

/** Reads the reports of `leanProgram`. `name` is the program, for errors. */
export function leanReports(control: Duplex | null | undefined, name: string, clock: Clock): LeanReports {
  const begun = deferred<Beginning | undefined>();
  const ended = deferred<Ending>();
  const asked: Deferred<number | undefined>[] = [];
  const onClock = clockOf(clock);
  let spawnCpu = 0;
  const end = (ending: Ending): void => {
    ended.resolve(ending);
    begun.resolve(undefined);
    for (const each of asked.splice(0)) each.resolve(undefined);
  };
  const gone = (how: string): void => end({ at: clock.now(), code: null, how });
  const onReport = (line: string): void => {
    const [what, ...words] = line.split(' ');
    const values = words.map(Number);
    if (what === 'started') {
      const beginning = readBeginning(values, onClock);
      spawnCpu = beginning.spawnCpu;
      begun.resolve(beginning);
    }
    if (what === 'failed') end(couldNotStart(clock, `spawn ${name} ${getSystemErrorName(-values[0]!)}`));
    if (what === 'cpu') asked.shift()?.resolve(values[0]);
    if (what === 'ended') end(readEnding(values, spawnCpu, onClock));
  };
  eachLine(control, onReport, true);
  control?.on('error', () => undefined);
  return {
    begun: begun.promise,
    ended: ended.promise,
    gone,
    cpuTime: (pids) => {
      const answer = deferred<number | undefined>();
      asked.push(answer);
      control?.write(`cpu ${pids.join(' ')}\n`);
      return Promise.race([answer.promise, ended.promise.then(() => undefined)]);
    },
  };
}

type OnClock = (monotonic: number) => Nanos;

function readBeginning([pid, fork, exec, cpu]: readonly number[], onClock: OnClock): Beginning {
  return { pid: pid!, at: onClock(exec!), spawnTime: nanos(exec! - fork!), spawnCpu: cpu! };
}

function readEnding([at, status, user, system, rss]: readonly number[], spawnCpu: number, onClock: OnClock): Ending {
  // The status of wait(2): the signal in the low seven bits, the exit code above them.
  const signal = status! & 0x7f;
  const code = signal === 0 ? (status! >> 8) & 0xff : null;
  const cpuTime = Math.max(0, (user! + system!) * 1e3 - spawnCpu);
  return {
    at: onClock(at!),
    code,
    how: howItEnded(code, signal === 0 ? null : signalName(signal)),
    usage: { ...splitCpu(cpuTime, user!, system!), maxRss: rss! * 1024 },
  };
}

function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, each]) => each === number) ?? [];
  return name ?? `signal ${number}`;
}
