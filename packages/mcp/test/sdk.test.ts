import { fileURLToPath } from 'node:url';
import { connectMcp, measureMcp, type McpClient, type McpServer } from '@perfkeel/mcp';
import { describe, expect, it } from 'vitest';
import { answerLimit } from '../src/client/answer-limit.ts';
import { connectSdk } from '../src/client/connect-sdk.ts';
import { loadSdk } from '../src/client/sdk-peer.ts';
import { mcpMeasurements } from '../src/measure/mcp-measurements.ts';
import { createLedger } from '../src/measure/ledger.ts';
import { askInTurns } from '../src/measure/ask-items.ts';
import { hostile, overHttp, overPipes } from './support/tiny.ts';

const everything: McpServer = {
  command: ['node', fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))],
};

/** What a server lists and answers, without what differs from one process to the next. */
async function seen(client: McpClient) {
  const { name, version, instructions, capabilities } = client.greeting;
  const prompts = await client.list('prompts');
  return {
    ...{ name, version, instructions, capabilities, prompts },
    tools: await client.list('tools'),
    resources: await client.list('resources'),
    templates: await client.list('resourceTemplates'),
    answers: [
      await client.callTool('echo', { message: 'ä€😀' }),
      await client.callTool('get-sum', { a: 2, b: 3 }),
      await client.callTool('get-structured-content', { location: 'Chicago' }),
      await client.callTool('no-such-tool'),
      await client.getPrompt(String(prompts[0]?.['name'])),
      await client.readResource('demo://resource/static/document/features.md'),
    ].map(({ outcome, result }) => ({ outcome, result })),
  };
}

describe('the official client', () => {
  it('sees the same lists and the same results of a published server as our own', async () => {
    const clients = await Promise.all([connectMcp(everything), connectMcp(everything, { client: 'sdk' })]);
    try {
      const [own, sdk] = await Promise.all(clients.map(seen));
      expect(sdk).toEqual(own);
      expect(own?.tools.length).toBeGreaterThan(10);
      expect(own?.answers.filter(({ outcome }) => outcome === 'ok')).toHaveLength(5);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
  });

  it('measures over HTTP as our own does, and sends what it measures', async () => {
    await overHttp(['stateful'], async (server) => {
      for (const client of ['own', 'sdk'] as const) {
        const result = await measureMcp({ server, client, samples: 2, sessions: 1, inFlight: 2, requests: 4 });
        const outcomes = result.warm.map(({ item, outcomes: ends }) => [item.name, ends.ok, ends['tool-error']]);
        expect(outcomes).toEqual([
          ['doc://a', 2, 0],
          ['doc://b', 2, 0],
          ['look', 2, 0],
          ['fails', 0, 2],
          ['greet', 2, 0],
        ]);
        expect(result.measured).toBe(result.sent);
      }
    });
  });

  it('is refused when it answers from its own cache, and believed when that is bypassed', async () => {
    const found = [];
    for (const cacheMode of ['use', 'bypass'] as const) {
      const client = await connectSdk(overPipes('modern', 'kept'), {
        era: '2026-07-28',
        timeoutMs: 10_000,
        cacheMode,
        limit: answerLimit(),
      });
      try {
        const item = { kind: 'resource', name: 'a', method: 'resources/read', params: { uri: 'doc://a' } } as const;
        const hands = { clock: { now: () => performance.now() as never }, signal: new AbortController().signal };
        const ledger = createLedger(client);
        await ledger.keep(() => askInTurns(client, [item], { times: 5, ...hands }));
        found.push(ledger.sum());
      } finally {
        await client.close();
      }
    }
    expect(found).toEqual([
      { measured: 5, sent: 1 },
      { measured: 5, sent: 5 },
    ]);
    const result = await measureMcp({ server: overPipes(), samples: 1, sessions: 1, inFlight: 0 });
    const { measurements } = mcpMeasurements({ ...result, ...found[0]! }, [], ['response-time']);
    expect(measurements[0]?.warnings?.[0]).toMatchObject({ code: 'wire-mismatch', forbids: 'verdict' });
  });

  it.each<[string, readonly string[], boolean]>([
    ['pipes', [], false],
    ['pipes, without sessions', ['modern'], false],
    ['HTTP', ['stateful'], true],
    ['HTTP as a stream of events', ['stateful', 'events'], true],
    ['HTTP without sessions', ['modern'], true],
  ])('does not keep what is longer than maxAnswer, over %s', async (_, words, isHttp) => {
    const ask = async (server: McpServer): Promise<void> => {
      const client = await connectMcp(server, { client: 'sdk', maxAnswer: '200KB', timeout: '10s' });
      const call = async (bytes: number) => (await client.callTool('huge', { bytes })).error?.code;
      try {
        expect(await call(150_000)).toBeUndefined();
        const long = await client.callTool('huge', { bytes: 2_000_000 });
        expect([long.outcome, long.error?.code]).toEqual(['transport-error', 'too-long']);
        expect(long.error?.message).toContain('200KB, the limit that maxAnswer sets');
        // Over pipes the server was ended by it.
        expect(await call(10)).toBe(isHttp ? undefined : 'closed');
      } finally {
        await client.close();
      }
    };
    await (isHttp ? overHttp(words, ask) : ask(overPipes(...words)));
  });

  it('asks no more when the server has ended', async () => {
    const server = hostile('dies');
    const result = await measureMcp({
      server,
      client: 'sdk',
      samples: 20,
      sessions: 1,
      inFlight: 0,
      era: '2025-11-25',
    });
    expect(result.warm[0]?.outcomes).toMatchObject({ ok: 0, 'transport-error': 1 });
    expect([result.measured, result.sent, result.warm[0]?.gone]).toEqual([1, 1, true]);
  });

  it('says what to install when it is missing, and what it cannot measure', async () => {
    await expect(loadSdk('@perfkeel/no-such-package')).rejects.toMatchObject({
      ...{ code: 'missing-peer', hint: 'npm install --save-dev @perfkeel/no-such-package', exitCode: 4 },
    });
    const cancel = { tool: 'slow' };
    await expect(measureMcp({ server: overPipes(), client: 'sdk', cancel })).rejects.toMatchObject({
      ...{ code: 'bad-option', exitCode: 2 },
    });
  });
});
