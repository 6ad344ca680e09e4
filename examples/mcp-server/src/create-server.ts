import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { entries } from './library.ts';
import { artifactPath, problemsOf } from './registry.ts';
import { indexText, sectionText, type Shared } from './shared.ts';

/** A server for one session. */
export function createServer(shared: Shared): McpServer {
  const server = new McpServer(
    { name: 'team-documents', version: '1.0.0' },
    { instructions: 'docs://index lists the sections of the patterns: docs://patterns/<topic>/<section>.' },
  );
  addResources(server, shared);
  addTools(server, shared);
  addPrompts(server, shared);
  return server;
}

const markdown = { mimeType: 'text/markdown' };

function addResources(server: McpServer, shared: Shared): void {
  const { cache, read } = shared;
  for (const { kind, topic, uri } of entries) {
    server.registerResource(`${kind} ${topic}`, uri, markdown, async () => ({
      contents: [{ uri, text: await cache.get(`${kind}/${topic}`, read) }],
    }));
  }
  server.registerResource('index', 'docs://index', markdown, async ({ href }) => ({
    contents: [{ uri: href, text: await indexText(shared) }],
  }));
  const sections = new ResourceTemplate('docs://{kind}/{topic}/{section}', { list: undefined });
  server.registerResource('a section', sections, markdown, async ({ href }, { kind, topic, section }) => ({
    contents: [{ uri: href, text: await sectionText(shared, `${String(kind)}/${String(topic)}`, String(section)) }],
  }));
  server.registerResource('counters of the cache', 'stats://cache', { mimeType: 'application/json' }, () => ({
    contents: [{ uri: 'stats://cache', text: JSON.stringify({ hits: cache.hits, misses: cache.misses }) }],
  }));
}

const said = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });
const readOnly = { readOnlyHint: true };
const artifactKind = z.enum(['epic', 'story', 'task', 'decision']);

function addTools(server: McpServer, { registry, cache, read }: Shared): void {
  server.registerTool(
    'validate_artifact',
    {
      description: 'Holds an artifact against its template.',
      inputSchema: { kind: artifactKind, text: z.string() },
      annotations: readOnly,
    },
    async ({ kind, text }) => said({ problems: problemsOf(text, await cache.get(`templates/${kind}`, read)) }),
  );
  server.registerTool(
    'resolve_artifact_path',
    {
      description: 'Tells where an artifact is kept, and its template.',
      inputSchema: { id: z.string() },
      annotations: readOnly,
    },
    ({ id }) => said(artifactPath(id)),
  );
  server.registerTool(
    'store_artifact',
    { description: 'Keeps an artifact.', inputSchema: { path: z.string(), text: z.string() } },
    ({ path, text }) => said({ kept: registry.store(path, text) }),
  );
  server.registerTool('get_next_task', { description: 'Takes the next open task.' }, () => said(registry.nextTask()));
  server.registerTool(
    'reserve_id_range',
    {
      description: 'Reserves ids that nobody else gets.',
      inputSchema: { kind: z.string(), count: z.number().int().min(1) },
    },
    ({ kind, count }) => said(registry.reserve(kind, count)),
  );
}

function addPrompts(server: McpServer, shared: Shared): void {
  const user = (text: string) => ({ messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] });
  server.registerPrompt('plan', { description: 'Plans the work of a day.' }, () =>
    user('Plan the next task in small steps.'),
  );
  server.registerPrompt(
    'write',
    { description: 'Says how an artifact is written.', argsSchema: { kind: artifactKind } },
    async ({ kind }) => user(await sectionText(shared, `generators/${kind}`, 'steps')),
  );
}
