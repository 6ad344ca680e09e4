import { describe, expect, test } from 'vitest';
import { measureStartup } from '../src/index.ts';
import { programWriter, temporaryFolder } from './programs.ts';

const program = programWriter(temporaryFolder());
const ms = 1e6;

/** A server on stdin and stdout, a message a line, that takes 100 ms to boot and speaks the revisions in its arguments. */
const server = program(
  'mcp-server',
  `import { createInterface } from 'node:readline';
  const eras = process.argv.slice(2);
  const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  let initialized = false;
  let asked = 0;
  const answers = {
    initialize: ({ protocolVersion, capabilities, clientInfo }) =>
      eras.includes('old') && protocolVersion === '2025-11-25' && capabilities && clientInfo.name && {
        protocolVersion, capabilities: {}, serverInfo: { name: 'tiny', version: '1' } },
    ping: () => initialized && !eras.includes('no-ping') && {},
    'server/discover': ({ _meta }) =>
      eras.includes('new') && _meta['io.modelcontextprotocol/protocolVersion'] === '2026-07-28' &&
      _meta['io.modelcontextprotocol/clientCapabilities'] && { supportedVersions: ['2026-07-28'], capabilities: {} },
  };
  console.log('listening, in no JSON at all');
  say({ method: 'notifications/message', params: { level: 'info', data: 'booting' } });
  say({ id: 1, method: 'roots/list' });
  setTimeout(() => createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === 'notifications/initialized') initialized = true;
    if (id === undefined) return;
    const result = answers[method]?.(params);
    if (result && asked++ > 0) setTimeout(() => say({ id, result }), 30);
    else if (result) say({ id, result });
    else say({ id, error: { code: -32601, message: 'Method not found' } });
  }), 100);`,
);

describe('a server of the Model Context Protocol is ready when it answers', () => {
  test.each([
    ['initialize', ['old'], 'mcp'],
    ['server/discover, where initialize is refused', ['new'], 'mcp'],
    ['in the revision that is asked for', ['old', 'new'], { mcp: '2026-07-28' }],
  ] as const)('%s', async (_, eras, ready) => {
    const { starts, warnings } = await measureStartup({ command: [...server, ...eras], ready, samples: 1 });
    expect(starts[0]!.startupTime).toBeGreaterThan(100 * ms);
    expect(starts[0]!.warmResponse!).toBeGreaterThan(29 * ms);
    expect(warnings).toEqual([]);
  });

  test('once, and refuses a ping', async () => {
    const subject = { command: [...server, 'old', 'no-ping'], ready: 'mcp', samples: 1 } as const;
    expect((await measureStartup(subject)).warnings[0]?.code).toBe('second-request-failed');
  });

  test.each([
    [
      'mcp',
      'it answered initialize with error -32601 (Method not found) and server/discover with error -32601 (Method not found)',
    ],
    [
      { mcp: '2025-11-25' },
      'it answered initialize with error -32601 (Method not found); expected an answer to initialize',
    ],
    [{ mcp: '2026-07-28' }, 'it answered server/discover with error -32601 (Method not found)'],
  ] as const)('and not when it refuses: ready %o', async (ready, message) => {
    await expect(measureStartup({ command: server, ready })).rejects.toThrow(message);
  });
});

test('a program that speaks something else is not ready in time', async () => {
  const command = program('talker', `setInterval(() => console.log('{"id": 1,'), 50);`);
  const never = measureStartup({ command, ready: 'mcp', startTimeout: '300ms' });
  await expect(never).rejects.toThrow('not ready after 300 ms; expected an answer to initialize on stdout');
});
