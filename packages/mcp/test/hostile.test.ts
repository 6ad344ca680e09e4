import { connectMcp, measureMcp, renderMcp } from '@perfkeel/mcp';
import { describe, expect, it } from 'vitest';
import { mcpWarnings } from '../src/measure/mcp-measurements.ts';
import { hostile } from './support/tiny.ts';

const measure = (how: string, more = {}) =>
  measureMcp({ server: hostile(how), samples: 2, sessions: 1, inFlight: 0, timeout: '10s', ...more });

const codes = (result: Awaited<ReturnType<typeof measure>>): readonly string[] =>
  mcpWarnings(result).map(({ code }) => code);

describe('a server that', () => {
  it('writes garbage between its answers is measured, and told of', async () => {
    const result = await measure('garbage');
    expect(result.warm[0]?.outcomes.ok).toBe(2);
    expect([result.measured, result.sent, codes(result)]).toEqual([2, 2, ['strange-output']]);
    // Of nine lines five are no object; one is empty, and two are messages that answer nothing.
    expect(result.strange).toBe(4 * 6);
  });

  it('never answers is not waited for', async () => {
    await expect(connectMcp(hostile('mute'), { timeout: '1s' })).rejects.toMatchObject({
      code: 'mcp-unreachable',
      message: expect.stringContaining('no answer within 1000 ms') as string,
    });
  });

  it('dies is asked no more', async () => {
    const result = await measure('dies', { samples: 50, inFlight: 4 });
    expect(result.warm[0]?.outcomes).toEqual({ ok: 0, 'tool-error': 0, 'rpc-error': 0, 'transport-error': 1 });
    expect([result.measured, result.sent]).toEqual([1, 1]);
    expect(codes(result)).toEqual(['server-gone', 'some-failed']);
    expect(renderMcp(result)).toContain('exited with code 9');
  });

  it('answers other requests than it was asked gets a timeout', async () => {
    const client = await connectMcp(hostile('wrong-ids'), { timeout: '3s' });
    expect(await client.callTool('look')).toMatchObject({ outcome: 'transport-error', error: { code: 'timeout' } });
    await client.close();
  });

  it('answers twice is counted once', async () => {
    const result = await measure('twice');
    expect([result.measured, result.sent, codes(result)]).toEqual([2, 2, []]);
  });

  it('answers with results of no shape is measured as far as it goes', async () => {
    const result = await measure('shapeless');
    expect(result.warm.map(({ item, outcomes }) => [item.name, outcomes.ok])).toEqual([['look', 2]]);
    expect(renderMcp(result)).toContain('# shapeless 1');
  });

  it('answers with megabytes is counted by its beginning', async () => {
    const result = await measure('huge', { samples: 1, timeout: '20s' });
    expect(result.warm[0]?.outcomes.ok).toBe(1);
    expect(result.results[0]).toMatchObject({ estimated: true });
  });
});
