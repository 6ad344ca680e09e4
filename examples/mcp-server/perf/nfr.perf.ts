import { mcp } from 'perfkeel';
import { overHttp, overPipes, tools } from './server.ts';

const cacheCounters = async (client: { readResource(uri: string): Promise<{ readonly result?: unknown }> }) => {
  const { result } = await client.readResource('stats://cache');
  const { contents } = result as { contents: readonly [{ text: string }] };
  return JSON.parse(contents[0].text) as { hits: number; misses: number };
};

// NFR-Performance-01: every resource by itself and all together; the first read apart, and the cache by its own counters.
mcp('resources over pipes', {
  server: overPipes,
  tags: ['NFR-Performance-01'],
  cacheCounters,
  rounds: 5,
  objectives: [
    'p50 of resources < 10ms',
    'p95 of resources < 100ms',
    'p99 of resources < 500ms',
    'worst-resource-p95 < 100ms',
    'median of cold-read < 50ms',
    'cache-hits > 70%',
    'throughput >= 100/s',
    'errors = 0',
  ],
});

mcp('resources over HTTP', {
  target: overHttp,
  tags: ['NFR-Performance-01'],
  cacheCounters,
  rounds: 5,
  objectives: ['p50 of resources < 50ms', 'p95 of resources < 100ms', 'cache-hits > 70%', 'errors = 0'],
});

// NFR-Performance-02: each tool 60 times in each of five processes; the requirement asks for 50.
mcp('tools over pipes', {
  server: overPipes,
  tags: ['NFR-Performance-02'],
  resources: [],
  tools,
  rounds: 5,
  objectives: [
    'p50 of tools < 100ms',
    'p95 of tools < 500ms',
    'p99 of tools < 1s',
    'worst-tool-p95 < 500ms',
    'throughput >= 100/s',
    'errors = 0',
  ],
});

mcp('tools over HTTP', {
  target: overHttp,
  tags: ['NFR-Performance-02'],
  resources: [],
  tools,
  rounds: 5,
  objectives: ['p50 of tools < 100ms', 'p95 of tools < 500ms', 'worst-tool-p95 < 500ms', 'errors = 0'],
});
