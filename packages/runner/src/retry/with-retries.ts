import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, formatQuantity, messageOf, nanosFromMs, type Warning } from '@perfkeel/core';
import { hopefulLine, prospectOf } from './prospect.ts';

/** Something that failed, and is about to be tried again. */
export interface Retry {
  /** What is tried, such as `starting node server.js`. */
  readonly what: string;
  /** Which attempt failed: 1 or 2. */
  readonly attempt: number;
  /** How it failed, in a line. */
  readonly reason: string;
  /** Milliseconds until the next attempt. */
  readonly pauseMs: number;
}

export type OnRetry = (retry: Retry) => void;

export interface RetryOptions {
  readonly what: string;
  /** Milliseconds before the second attempt; before the third it is twice as long. */
  readonly pauseMs: number;
  /**
   * Whether a failure that does not tell whether it will pass is worth another attempt. The same one twice is not worth a
   * third. @default false
   */
  readonly whenUnknown?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: OnRetry | undefined;
}

export const mostAttempts = 3;

/**
 * Tries something that belongs to the infrastructure, and is not what is measured, at most three times. What cannot
 * succeed is tried once: a program that is not there, code that does not compile.
 *
 * Never for what is measured: a failure there is data.
 *
 * @throws what the last attempt threw; a `PerfError` then says how many there were
 */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { what, signal, onRetry } = options;
  let before: string | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const said = messageOf(error);
      if (attempt === mostAttempts || signal?.aborted || !isWorthIt(said, before, options)) {
        throw afterAttempts(error, attempt);
      }
      before = said;
      const pauseMs = options.pauseMs * 2 ** (attempt - 1);
      onRetry?.({ what, attempt, reason: reasonOf(said), pauseMs });
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal?.aborted) throw error;
    }
  }
}

/** Numbers of processes, ports and lines differ although nothing else does. */
const withoutNumbers = (said: string): string => said.replace(/\d+/g, '0');

function isWorthIt(said: string, before: string | undefined, { whenUnknown = false }: RetryOptions): boolean {
  switch (prospectOf(said)) {
    case 'good':
      return true;
    case 'none':
      return false;
    case 'unknown':
      return whenUnknown && (before === undefined || withoutNumbers(before) !== withoutNumbers(said));
  }
}

/** The first line, and the one that says why, which programs print among others. */
function reasonOf(said: string): string {
  const [first = ''] = said.split('\n');
  const line = hopefulLine(said);
  return line === undefined || first.includes(line) ? first : `${first} (${line})`;
}

function afterAttempts(error: unknown, attempts: number): unknown {
  if (attempts === 1 || !(error instanceof PerfError)) return error;
  const { message, code, hint, exitCode, location, excerpt } = error;
  const [first = '', ...rest] = message.split('\n');
  const told = [`${first} (tried ${attempts} times)`, ...rest].join('\n');
  return new PerfError(told, { code, hint, exitCode, location, excerpt, cause: error });
}

/** A retry in a sentence. */
export function retryText({ what, attempt, reason, pauseMs }: Retry): string {
  const pause = formatQuantity(nanosFromMs(pauseMs), 'ns');
  return `${what} failed, and is tried again in ${pause} (${attempt} of at most ${mostAttempts} attempts): ${reason}`;
}

/** A retry as a remark of a run. It forbids nothing: nothing was measured meanwhile. */
export const retryRemark = ({ what, attempt, reason }: Retry): Warning => ({
  code: 'tried-again',
  message: `${what} failed at attempt ${attempt} and was tried again: ${reason}`,
});
