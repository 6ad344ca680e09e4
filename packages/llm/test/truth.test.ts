import { measureLlm } from '@perfkeel/llm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tpotOf } from '../src/measure/answer-times.ts';
import { startSleepingServer, type SleepingServer } from './support/sleeping.ts';

let server: SleepingServer;
beforeAll(async () => (server = await startSleepingServer()));
afterAll(() => server.stop());

it('measures ttft and tpot as the server saw them, within 2 %', async () => {
  const sleep = { first: 150, gap: 15, tokens: 10 };
  const subject = { url: server.url, models: 'a', phases: ['baseline'], body: { sleep }, samples: 7 } as const;
  const { baseline } = await measureLlm({ ...subject, context: { facts: 1 } });
  // The first request is not among the samples, and the last one asks for a fact.
  const truth = (await server.truth()).slice(1, -1);
  const pairs = baseline!.completions.map((answer, n) => ({ answer, seen: truth[n]! }));
  const ttft = pairs.map(({ answer, seen }) => answer.arrivals[0]! / seen.first - 1);
  const tpot = pairs.map(({ answer, seen }) => tpotOf(answer, seen.tokens)! / (seen.rest / (seen.tokens - 1)) - 1);
  // A client cannot see a token before it is written.
  expect(Math.min(...ttft)).toBeGreaterThan(0);
  // A busy machine holds back some answers; what the client itself adds is in all of them, and so in the best.
  expect(Math.min(...ttft)).toBeLessThan(0.02);
  expect(Math.min(...tpot.map(Math.abs))).toBeLessThan(0.02);
});
