import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from './create-server.ts';
import { serveHttp, type Served } from './serve-http.ts';
import { createShared, type Shared } from './shared.ts';

const textOf = (result: unknown): string => {
  const { contents, content } = result as Record<'contents' | 'content', readonly { text: string }[] | undefined>;
  return (contents ?? content)![0]!.text;
};

describe('the server', () => {
  const client = new Client({ name: 'test', version: '1' });
  let shared: Shared;
  let served: Served;
  beforeAll(async () => {
    shared = await createShared();
    served = await serveHttp(shared, 0);
    await client.connect(new StreamableHTTPClientTransport(new URL(served.url)));
  });
  afterAll(async () => {
    await client.close();
    await served.close();
  });
  const read = async (uri: string) => textOf(await client.readResource({ uri }));
  const call = async (name: string, args = {}): Promise<unknown> =>
    JSON.parse(textOf(await client.callTool({ name, arguments: args })));

  it('lists 16 documents, their index and its counters, five tools and two prompts', async () => {
    expect((await client.listResources()).resources).toHaveLength(18);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      ...['validate_artifact', 'resolve_artifact_path', 'store_artifact', 'get_next_task', 'reserve_id_range'],
    ]);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['plan', 'write']);
    const { messages } = await client.getPrompt({ name: 'write', arguments: { kind: 'story' } });
    expect(JSON.stringify(messages)).toContain('Read the epic and the last three stories');
  });

  it('gives documents whole and in sections, and says which sections there are', async () => {
    const whole = await read('docs://patterns/errors');
    const section = await read('docs://patterns/errors/timeouts');
    expect(section).toMatch(/^## Timeouts\n\nEvery call/);
    expect(whole).toContain(section);
    expect(await read('docs://index')).toContain('patterns/errors: kinds-of-errors throwing retrying timeouts');
    await expect(read('docs://patterns/errors/nonsense')).rejects.toThrow('it has kinds-of-errors, throwing');
    await expect(read('docs://patterns/..%2Ftasks/x')).rejects.toThrow('there is no document');
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
    expect(await client.callTool({ name: 'resolve_artifact_path', arguments: { id: 'x' } })).toMatchObject({
      isError: true,
    });
  });

  it('answers in the same way without HTTP', async () => {
    const other = new Client({ name: 'test', version: '1' });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await createServer(shared).connect(theirs);
    await other.connect(ours);
    for (const { uri } of (await client.listResources()).resources) {
      if (uri !== 'stats://cache')
        expect(await other.readResource({ uri })).toEqual(await client.readResource({ uri }));
    }
    await other.close();
  });
});

it('without its cache each read is one of the disk, which may be slow', async () => {
  const { cache, read } = await createShared({ cache: false, diskMs: 30 });
  const start = performance.now();
  // Node counts a timer from the begin of its turn of the event loop: in the next turn that is not before `start`.
  await sleep(1);
  for (let n = 0; n < 2; n++) expect(await cache.get('patterns/core', read)).toContain('## ');
  expect(performance.now() - start).toBeGreaterThan(58);
  expect(cache).toMatchObject({ hits: 0, misses: 2 });
});
