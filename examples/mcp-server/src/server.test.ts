import { connectMcp, type McpClient } from '@perfkeel/mcp';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from './create-server.ts';
import { serveHttp } from './serve-http.ts';
import { createShared, type Shared } from './shared.ts';

const textOf = (result: unknown): string => {
  const { contents, content } = result as Record<'contents' | 'content', readonly { text: string }[] | undefined>;
  return (contents ?? content)![0]!.text;
};

describe('the server', () => {
  let [shared, client]: [Shared | undefined, McpClient | undefined] = [undefined, undefined];
  let close: () => Promise<void>;
  beforeAll(async () => {
    shared = await createShared();
    const served = await serveHttp(shared, 0);
    close = () => served.close();
    client = await connectMcp({ url: served.url });
  });
  afterAll(async () => {
    await client?.close();
    await close();
  });
  const read = async (uri: string) => textOf((await client!.readResource(uri)).result);
  const call = async (name: string, args = {}): Promise<unknown> =>
    JSON.parse(textOf((await client!.callTool(name, args)).result));

  it('lists 16 documents, their index and its counters, five tools and two prompts', async () => {
    expect(await client!.list('resources')).toHaveLength(18);
    expect((await client!.list('tools')).map(({ name }) => name)).toEqual([
      ...['validate_artifact', 'resolve_artifact_path', 'store_artifact', 'get_next_task', 'reserve_id_range'],
    ]);
    expect((await client!.list('prompts')).map(({ name }) => name)).toEqual(['plan', 'write']);
  });

  it('gives documents whole and in sections, and says which sections there are', async () => {
    const whole = await read('docs://patterns/errors');
    const section = await read('docs://patterns/errors/timeouts');
    expect(section).toMatch(/^## Timeouts\n\nEvery call/);
    expect(whole).toContain(section);
    expect(await read('docs://index')).toContain('patterns/errors: kinds-of-errors throwing retrying timeouts');
    const wrong = await client!.readResource('docs://patterns/errors/nonsense');
    expect(wrong.error?.message).toContain('it has kinds-of-errors, throwing');
    expect((await client!.readResource('docs://patterns/..%2Ftasks/x')).outcome).toBe('rpc-error');
  });

  it('reads each file once, and counts that', async () => {
    const counters = async () => JSON.parse(await read('stats://cache')) as { hits: number; misses: number };
    await read('docs://templates/epic');
    const before = await counters();
    await Promise.all([1, 2, 3].map(() => read('docs://templates/epic')));
    const after = await counters();
    expect([after.hits - before.hits, after.misses - before.misses]).toEqual([3, 0]);
  });

  it('works: finds what is missing, knows paths, hands out tasks and ids', async () => {
    expect(await call('validate_artifact', { kind: 'task', text: '## Goal\nx\n## Steps\n1' })).toEqual({
      problems: ['done-when is missing', 'notes is missing'],
    });
    expect(await call('resolve_artifact_path', { id: 'TASK-001' })).toMatchObject({
      path: 'artifacts/task/TASK-001.md',
    });
    expect(await call('get_next_task')).toMatchObject({ id: 'TASK-006' });
    const ranges = await Promise.all([1, 2, 3, 4].map(() => call('reserve_id_range', { kind: 'US', count: 5 })));
    expect(new Set(ranges.map((range) => JSON.stringify(range))).size).toBe(4);
    expect((await client!.callTool('resolve_artifact_path', { id: 'x' })).outcome).toBe('tool-error');
  });

  it('answers the official client in the same way', async () => {
    const official = new Client({ name: 'test', version: '1' });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await createServer(shared!).connect(theirs);
    await official.connect(ours);
    for (const { uri } of await client!.list('resources')) {
      if (uri === 'stats://cache') continue;
      expect(await official.readResource({ uri: String(uri) })).toEqual(
        (await client!.readResource(String(uri))).result,
      );
    }
    await official.close();
  });
});
