import { PerfError } from '@perfkeel/core';
import type { TargetEnd } from './memory-target.ts';

const indented = (text: string): string => (text === '' ? '' : `\n   its stderr:\n${text.replace(/^/gm, '   | ')}`);

export const targetEnded = (what: string, { how, stderr = '' }: TargetEnd): PerfError =>
  new PerfError(`${what} ${how} while its memory was measured${indented(stderr)}`, {
    code: 'target-ended',
    hint: 'A target must live until its measurement is over; what was measured before its end is kept.',
  });

export const targetSilent = (what: string, seconds: number): PerfError =>
  new PerfError(`${what} has not answered for ${seconds} s`, {
    code: 'target-silent',
    hint: 'Its event loop is blocked or stopped; watchPid(pid) reads a process from outside, without its help.',
  });

export const inspectorClosed = (what: string): PerfError =>
  new PerfError(`the inspector of ${what} was closed while its memory was measured`, {
    code: 'no-inspector',
    hint: 'The program goes on: it, or somebody else who was attached, closed it. Start the program with --inspect=127.0.0.1:0, which others leave open, or attach again.',
  });

export const cannotCollect = (what: string): PerfError =>
  new PerfError(`${what} cannot be made to collect garbage from outside`, {
    code: 'cannot-collect',
    hint: 'Use startChild({ module }) or attachTo({ pid }) for a program that runs on Node.',
  });

export const noSuchProcess = (pid: number): PerfError =>
  new PerfError(`there is no process ${pid}`, {
    code: 'no-such-process',
    hint: 'It may have ended: look for its current number with ps.',
  });

export const processNotOurs = (pid: number): PerfError =>
  new PerfError(`process ${pid} belongs to somebody else`, {
    code: 'process-not-ours',
    hint: 'Run as the user who owns it.',
  });
