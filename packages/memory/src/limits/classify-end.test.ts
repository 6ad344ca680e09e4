import { describe, expect, it } from 'vitest';
import { classifyEnd, type EndFacts, type LimitOutcome } from './classify-end.ts';

const exited = (code: number, stderr = '') => ({ code, how: `exited with code ${code}`, stderr });
const killed = (signal: string, stderr = '') => ({ signal, how: `was ended by ${signal}`, stderr });

/** As Node 20 prints it. */
const fatal = `<--- Last few GCs --->
FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----`;

const cases: readonly [string, EndFacts, LimitOutcome][] = [
  ['lived until we ended it', {}, 'ok'],
  ['was at work when its time was over', { timedOut: true }, 'timeout'],
  ['ended well', { end: exited(0) }, 'ok'],
  ['ended well and spoke of memory', { end: exited(0, fatal) }, 'ok'],
  ['aborted, and said why', { end: killed('SIGABRT', fatal) }, 'js-oom'],
  ['aborted inside a shell', { end: exited(134, fatal) }, 'js-oom'],
  [
    'aborted, and only its report says why',
    { end: killed('SIGABRT'), reportEvent: 'Allocation failed - JavaScript heap out of memory' },
    'js-oom',
  ],
  ['aborted for another reason', { end: killed('SIGABRT', 'assertion failed') }, 'crash'],
  ['only spoke of memory', { end: exited(1, 'caught: heap out of memory') }, 'crash'],
  ['lost a worker to its limit', { end: exited(1, 'Error [ERR_WORKER_OUT_OF_MEMORY]: Worker terminated') }, 'js-oom'],
  ['was killed by the kernel', { end: killed('SIGKILL'), oomKills: 1 }, 'kernel-oom'],
  ['was killed by somebody', { end: killed('SIGKILL'), oomKills: 0 }, 'crash'],
  ['was killed and nothing tells by whom', { end: killed('SIGKILL') }, 'crash'],
  ['lost a process that it had started', { end: exited(1), oomKills: 1 }, 'kernel-oom'],
  ['threw', { end: exited(1, 'TypeError: x is not a function') }, 'crash'],
  ['faulted', { end: killed('SIGSEGV') }, 'crash'],
];

describe('how a program ended', () => {
  it.each(cases)('%s', (_, facts, outcome) => expect(classifyEnd(facts).outcome).toBe(outcome));

  it('is said with its evidence', () => {
    expect(classifyEnd({ end: killed('SIGKILL') }).because).toBe(
      'it was ended by SIGKILL, and no control group tells of a kill for want of memory',
    );
    expect(classifyEnd({ end: killed('SIGABRT', fatal) }).because).toMatch(/SIGABRT: Ineffective mark-compacts/);
  });
});
