import { connectMcp, measureMcp, renderMcp, type McpContext } from '@perfkeel/mcp';
import { expect, it } from 'vitest';
import { mcpWarnings } from '../src/measure/mcp-warnings.ts';
import { hostile } from './support/tiny.ts';

const megabytes = (): number => process.resourceUsage().maxRSS / 1024;

/** Measures a server that has no end of something: in bounded time, and with memory for an answer or two. */
async function bounded(how: string, samples = 3, context: McpContext = {}) {
  const before = megabytes();
  const maxAnswer = how === 'endless' ? '4MB' : '64MiB';
  const subject = { server: hostile(how), samples, sessions: 1, inFlight: 4, timeout: '2s', maxAnswer } as const;
  const result = await measureMcp(subject, context);
  expect(megabytes() - before).toBeLessThan(800);
  expect(JSON.stringify(result).length).toBeLessThan(100e6);
  return { result, notes: mcpWarnings(result).map(({ message }) => message), text: renderMcp(result) };
}

/** Ten seconds on a machine that does nothing else. */
const patient = { timeout: 240_000 };

it('an answer without an end is not kept', patient, async () => {
  const { result, notes } = await bounded('endless');
  expect(result.warm[0]?.outcomes).toMatchObject({ ok: 0 });
  expect(result.measured).toBe(result.sent);
  expect(notes.at(-1)).toBe(
    'tool look: transport-error too-long: the answer is longer than 4MB, the limit that maxAnswer sets',
  );
});

it('a hundred thousand tools are asked for as far as half a minute goes, and fifty are shown', patient, async () => {
  // By this clock every request takes a second.
  let seconds = 0;
  const clock = { now: () => ++seconds * 1e9 } as McpContext['clock'];
  const { result, notes, text } = await bounded('many', 1, clock && { clock });
  expect([result.inventory.tools.length, result.measured - result.sent, text.length < 50_000]).toEqual([1e5, 0, true]);
  expect(notes).toEqual(['99990 of 100000 were asked for fewer than 1 times: all together are given half a minute']);
  expect(text).toContain('and 99950 more that cost less: --json has all');
});

it.each([
  ['same-cursor', /^of the list of tools the first 2 are known: a page points back at a page before it$/],
  ['new-cursors', /^of the list of tools the first 1000 are known: it goes on behind 1000 pages$/],
  ['floods-notifications', /^the server sent \d+ messages that nobody asked for: to read them is part of every time$/],
  ['floods-stderr', /^the server wrote [\d.]+ [MG]B to stderr$/],
  ['floods-pings', /^tool look: transport-error timeout: no answer within 2000 ms$/],
  ['deaf', /^tool look: transport-error timeout: no answer within 2000 ms$/],
])('%s is told of in a sentence', patient, async (how, sentence) => {
  const { notes } = await bounded(how);
  expect(notes.filter((note) => sentence.test(note))).toHaveLength(1);
});

it('a server that has closed its stdin is not waited for twice', async () => {
  const client = await connectMcp(hostile('deaf'), { timeout: '5s' });
  const first = client.callTool('look');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const second = await client.callTool('look');
  expect(second.error).toEqual({ code: 'closed', message: 'the server has closed its stdin' });
  expect((await first).outcome).toBe('transport-error');
  await client.close();
});
