import { expect, it } from 'vitest';
import { PerfError } from '@perfkeel/core';
import { retryRemark, retryText, withRetries, type Retry, type RetryOptions } from './with-retries.ts';

/** Fails with these words, one after the other, and works then. */
async function tries(said: readonly string[], options: Partial<RetryOptions> = {}) {
  const [words, retries] = [[...said], [] as Retry[]];
  const work = (): Promise<string> => {
    const next = words.shift();
    return next === undefined
      ? Promise.resolve('works')
      : Promise.reject(new PerfError(next, { code: 'broken', hint: 'Mend it.' }));
  };
  const end = await withRetries(work, {
    what: 'starting',
    pauseMs: 1,
    onRetry: (retry) => retries.push(retry),
    ...options,
  }).catch((error: unknown) => error as PerfError);
  return { end, retries, left: words.length };
}

const refused = 'connect ECONNREFUSED 127.0.0.1:1';

it('what passes by itself is tried three times, with pauses that grow', async () => {
  const { end, retries } = await tries([refused, refused]);
  expect(end).toBe('works');
  expect(retries.map(({ attempt, pauseMs }) => [attempt, pauseMs])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

it('and not four times; the error says how often', async () => {
  const { end, left } = await tries([refused, refused, refused, 'never']);
  expect(end).toMatchObject({ message: `${refused} (tried 3 times)`, code: 'broken', hint: 'Mend it.', exitCode: 4 });
  expect(left).toBe(1);
});

it.each([
  ['what will not pass', ['SyntaxError: no', 'never'], { whenUnknown: true }, 1, 'SyntaxError: no'],
  ['what nobody knows, unless asked', ['odd', 'never'], {}, 1, 'odd'],
  [
    'the same twice, numbers aside',
    ['odd: pid 17\nmore', 'odd: pid 4\nmore', 'never'],
    { whenUnknown: true },
    1,
    'odd: pid 4 (tried 2 times)\nmore',
  ],
] as const)('is not tried in vain: %s', async (_, said, options, left, message) => {
  const tried = await tries(said, options);
  expect(tried.left).toBe(left);
  expect(tried.end).toMatchObject({ message });
});

it('what fails in another way each time is tried three times', async () => {
  expect(await tries(['odd', 'even'], { whenUnknown: true })).toMatchObject({ end: 'works' });
});

it('whoever gives up is not kept waiting', async () => {
  const abort = new AbortController();
  const began = performance.now();
  const onRetry = (): void => abort.abort();
  const { end, left } = await tries([refused, 'never'], { pauseMs: 60_000, signal: abort.signal, onRetry });
  expect([(end as PerfError).message, left]).toEqual([refused, 1]);
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('says what is done, and why', async () => {
  const said = 'it exited with code 1\n   | Error: listen EADDRINUSE: address already in use';
  const [retry] = (await tries([said], { pauseMs: 3 })).retries;
  expect(retryText(retry!)).toBe(
    'starting failed, and is tried again in 3 ms (1 of at most 3 attempts): it exited with code 1 (Error: listen EADDRINUSE: address already in use)',
  );
  expect(retryRemark(retry!)).toEqual({
    code: 'tried-again',
    message:
      'starting failed at attempt 1 and was tried again: it exited with code 1 (Error: listen EADDRINUSE: address already in use)',
  });
});
