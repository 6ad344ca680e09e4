import { median } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { parsingExposition } from '../exposition/parse-exposition.ts';
import { isSignalName, matchingSignals, type MatchedSignals } from '../signals/match-signals.ts';
import { atOnce, inSlices, type Steps } from '../slices.ts';

/** A page of nothing but signals: nothing of it can be skipped. */
const lines = Array.from(
  { length: 6000 },
  (_, i) => `http_request_duration_seconds_${['sum', 'count'][i % 2]}{method="GET",route="/items/${i >> 1}"} ${i}`,
);
const page = lines.join('\n');

function* reading(text: string): Steps<MatchedSignals> {
  return yield* matchingSignals(yield* parsingExposition(text, isSignalName));
}

/** How late what is due each millisecond would be sent while a page is read, in milliseconds. */
async function lagsDuring(read: () => MatchedSignals | Promise<MatchedSignals>): Promise<readonly number[]> {
  const lags: number[] = [];
  const began = performance.now();
  let due = began;
  const send = (): void => {
    for (const now = performance.now(); due <= now; due += 1) lags.push(now - due);
  };
  const timer = setInterval(send, 1);
  const { values } = await read();
  send();
  clearInterval(timer);
  expect(values).toHaveLength(lines.length);
  return lags;
}

it('a page that is read in slices leaves the thread to what is due meanwhile', async () => {
  await lagsDuring(() => atOnce(reading(page)));
  const together = await lagsDuring(() => atOnce(reading(page)));
  const sliced = await lagsDuring(() => inSlices(reading(page)));
  // Read at once, what is due in the middle waits for half of the reading. One long pause of the machine moves no median.
  expect(median(sliced)).toBeLessThan(median(together) / 3);
});
