import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { agentTarget } from './agent-target.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A program that is there, and never answers. */
function silent(): ReturnType<typeof agentTarget> {
  const never = (): Promise<never> => new Promise(() => undefined);
  const { pid } = process;
  const close = (): Promise<void> => Promise.resolve();
  return agentTarget({ kind: 'child', what: 'process 12', pid, segment: '12-1', call: never, ended: never(), close });
}

it('reads a program that does not answer within a second from outside', async () => {
  const reading = silent().read();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await reading).toMatchObject({ answered: false, collections: [], dropped: 0 });
  expect((await reading).heapData).toBeUndefined();
  if (process.platform === 'linux') expect((await reading).rss).toBeGreaterThan(1e7);
});

it.each([
  ['collection', 30, () => silent().collect()],
  ['watching of collections', 30, () => silent().watchCollections(true)],
  ['snapshot', 300, () => silent().writeSnapshot!('/nowhere')],
])('ends a %s that is not answered within %i s with one clear error', async (_, seconds, ask) => {
  const refused = expect(ask()).rejects.toMatchObject({
    ...{ code: 'target-silent', message: `process 12 has not answered for ${seconds} s` },
    hint: expect.stringMatching(/event loop is blocked or stopped; watchPid/) as string,
  });
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  await refused;
});
