import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { CountingCache } from './counting-cache.ts';
import { documents, readSlowly, type Document } from './library.ts';
import { artifactPath, missingHeadings, Registry } from './registry.ts';

/** What all sessions of one process share. */
export interface Shared {
  readonly cache: CountingCache<Document | undefined>;
  readonly registry: Registry;
}

export const createShared = (): Shared => ({ cache: new CountingCache(100), registry: new Registry() });

/** A server for one session. */
export function createServer(shared: Shared): McpServer {
  const server = new McpServer(
    { name: 'team-documents', version: '1.0.0' },
    { instructions: 'Read a pattern before you write, a template before you fill it in.' },
  );
  addResources(server, shared);
  addTools(server, shared);
  addPrompts(server);
  return server;
}

function addResources(server: McpServer, { cache }: Shared): void {
  for (const { uri, title } of documents) {
    server.registerResource(title, uri, { mimeType: 'text/markdown' }, async () => {
      const document = await cache.get(uri, readSlowly);
      return { contents: [{ uri, text: document?.text ?? '' }] };
    });
  }
  server.registerResource('counters of the cache', 'stats://cache', { mimeType: 'application/json' }, () => ({
    contents: [{ uri: 'stats://cache', text: JSON.stringify({ hits: cache.hits, misses: cache.misses }) }],
  }));
}

const said = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });
const readOnly = { readOnlyHint: true };

function addTools(server: McpServer, { registry }: Shared): void {
  server.registerTool(
    'validate_artifact',
    { description: 'Lists the headings that are missing.', inputSchema: { text: z.string() }, annotations: readOnly },
    ({ text }) => said({ missing: missingHeadings(text) }),
  );
  server.registerTool(
    'resolve_artifact_path',
    { description: 'Tells where an artifact is kept.', inputSchema: { id: z.string() }, annotations: readOnly },
    ({ id }) => said({ path: artifactPath(id) }),
  );
  server.registerTool(
    'store_artifact',
    { description: 'Keeps an artifact.', inputSchema: { path: z.string(), text: z.string() } },
    ({ path, text }) => said({ kept: registry.store(path, text) }),
  );
  server.registerTool('get_next_task', { description: 'Takes the next task.' }, () =>
    said({ task: registry.nextTask() }),
  );
  server.registerTool(
    'reserve_id_range',
    {
      description: 'Reserves ids that nobody else gets.',
      inputSchema: { kind: z.string(), count: z.number().int().min(1) },
    },
    ({ kind, count }) => said(registry.reserve(kind, count)),
  );
}

function addPrompts(server: McpServer): void {
  const user = (text: string) => ({ messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] });
  server.registerPrompt('plan', { description: 'Plans the work of a day.' }, () =>
    user('Plan the next task in small steps.'),
  );
  server.registerPrompt('review', { description: 'Reviews an artifact.', argsSchema: { id: z.string() } }, ({ id }) =>
    user(`Review ${id} against its template, rule by rule.`),
  );
}
