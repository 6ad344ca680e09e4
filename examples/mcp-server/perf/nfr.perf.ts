import { mcp } from 'perfkeel';
import { overHttp, overPipes, tools } from './server.ts';

const cacheCounters = async (client: { readResource(uri: string): Promise<{ readonly result?: unknown }> }) => {
  const { result } = await client.readResource('stats://cache');
  const { contents } = result as { contents: readonly [{ text: string }] };
  return JSON.parse(contents[0].text) as { hits: number; misses: number };
};

// Every resource by itself and all together, and the cache by its own counters.
mcp('resources and tools over pipes', {
  server: overPipes,
  tools,
  cacheCounters,
  rounds: 5,
  objectives: [
    'p95 of resources < 100ms',
    'worst-resource-p95 < 100ms',
    'cache-hits > 70%',
    'p95 of tools < 500ms',
    'worst-tool-p95 < 500ms',
    'errors = 0',
  ],
});

mcp('resources and tools over HTTP', {
  target: overHttp,
  tools,
  rounds: 5,
  objectives: ['p95 of resources < 100ms', 'p95 of tools < 500ms', 'errors = 0'],
});
