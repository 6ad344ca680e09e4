import { connectMcp, type McpServer } from '@perfkeel/mcp';
import { describe, expect, it } from 'vitest';
import { overHttp, overPipes } from './support/tiny.ts';

/** The same conversation over every transport, in every era. */
async function converse(server: McpServer): Promise<unknown> {
  const client = await connectMcp(server);
  try {
    const width = 40;
    const many = await Promise.all(
      Array.from({ length: width }, (_, n) => client.callTool('look', { n, text: 'ä€😀'.repeat(3000) })),
    );
    const own = many.filter(({ result }, n) => JSON.stringify(result).includes(`\\"n\\":${n},`));
    const outcomes = [
      await client.callTool('fails'),
      await client.request('no/such'),
      await client.readResource('doc://a'),
    ];
    const uris = (await client.list('resources')).map(({ uri }) => uri);
    const { requests, handshakes, resent } = client.wire;
    return {
      ...{ era: client.greeting.era, version: client.greeting.protocolVersion, name: client.greeting.name },
      ...{ own: own.length, outcomes: outcomes.map(({ outcome }) => outcome), uris },
      measured: requests - handshakes - resent,
    };
  } finally {
    await client.close();
  }
}

const conversation = {
  ...{ era: '2025-11-25', version: '2025-06-18', name: 'tiny', own: 40, measured: 45 },
  ...{ outcomes: ['tool-error', 'rpc-error', 'ok'], uris: ['doc://a', 'doc://b'] },
};
const modern = { ...conversation, era: '2026-07-28', version: '2026-07-28' };

describe('a conversation', () => {
  it('is the same over pipes, with a server that asks too', async () => {
    expect(await converse(overPipes('curious'))).toEqual(conversation);
  });

  it('is the same over pipes without a handshake', async () => {
    expect(await converse(overPipes('modern'))).toEqual(modern);
  });

  it('is the same over HTTP with JSON and a session', async () => {
    expect(await overHttp(['stateful'], converse)).toEqual(conversation);
  });

  it('is the same over HTTP with events', async () => {
    expect(await overHttp(['events'], converse)).toEqual(conversation);
  });

  it('is the same over HTTP without a handshake, with its headers', async () => {
    expect(await overHttp(['modern'], converse)).toEqual(modern);
  });
});

describe('what goes wrong', () => {
  it('is a new session when the old one is gone, for all requests under way together', async () => {
    await overHttp(['stateful'], async (server) => {
      const client = await connectMcp(server);
      await client.callTool('forget');
      const answers = await Promise.all([1, 2, 3].map((n) => client.callTool('look', { n })));
      expect(answers.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
      const { requests, handshakes, resent } = client.wire;
      expect({ handshakes, resent, own: requests - handshakes - resent }).toEqual({ handshakes: 2, resent: 3, own: 4 });
      await client.close();
    });
  });

  it('is data when the server dies, with its exit code', async () => {
    const client = await connectMcp(overPipes());
    const answers = await Promise.all([client.callTool('die'), client.callTool('look')]);
    expect(answers[0]).toMatchObject({ outcome: 'transport-error', error: { code: 'closed' } });
    expect(answers[0]?.error?.message).toContain('exited with code 7');
    expect((await client.callTool('look')).outcome).toBe('transport-error');
    await client.close();
  });

  it('is a timeout, after which the client goes on', async () => {
    const client = await connectMcp(overPipes(), { timeout: '1s' });
    const slow = await connectMcp(overPipes(), { timeout: '30ms' }).catch((error: unknown) => error);
    // A process does not start in 30 ms: the connection is refused with a reason, and nothing is left running.
    expect(slow).toMatchObject({ code: 'mcp-unreachable' });
    expect((await client.callTool('look')).outcome).toBe('ok');
    await client.close();
  });

  it('is told when nothing of the kind is there', async () => {
    await expect(connectMcp({ command: ['node', '-e', 'process.exit(3)'] })).rejects.toThrow(/exited with code 3/);
    await expect(connectMcp({ command: ['no-such-program-here'] })).rejects.toThrow(/could not be started/);
    await expect(connectMcp({ url: 'http://127.0.0.1:9/mcp' })).rejects.toThrow(/ECONNREFUSED/);
    await expect(connectMcp(overPipes('modern'), { era: '2025-11-25' })).rejects.toThrow(/refused to speak/);
  });
});
