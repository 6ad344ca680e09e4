/**
 * A small MCP server by hand, for tests: over pipes, or over HTTP with `http`. `modern` refuses the handshake; `stateful`
 * gives sessions and forgets them at POST /forget; `events` answers as a stream.
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const words = process.argv.slice(2);
const is = (word) => words.includes(word);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const text = (what) => ({ content: [{ type: 'text', text: what }] });
const tool = (name, more = {}) => ({ name, description: `does ${name}`, inputSchema: { type: 'object' }, ...more });
const tools = [
  tool('look', { annotations: { readOnlyHint: true } }),
  tool('look-at', { annotations: { readOnlyHint: true }, inputSchema: { type: 'object', required: ['what'] } }),
  tool('write'),
  tool('erase', { annotations: { destructiveHint: true } }),
  tool('fails', { annotations: { readOnlyHint: true } }),
  tool('slow'),
];
const pages = [[{ uri: 'doc://a', name: 'a' }], [{ uri: 'doc://b', name: 'b' }]];
const count = { requests: 0, hits: 0, misses: 0, calls: {} };
const cached = new Set();
const hello = {
  capabilities: { tools: {}, resources: {}, prompts: {} },
  serverInfo: { name: 'tiny', version: '1.2.3' },
  instructions: 'Look first.',
};

async function callTool({ name, arguments: args }) {
  count.calls[name] = (count.calls[name] ?? 0) + 1;
  if (name === 'fails') return { ...text('no'), isError: true };
  if (name === 'slow') await sleep(60);
  if (name === 'counters') return text(JSON.stringify(count));
  if (name === 'forget') sessions.clear();
  if (name === 'die') process.exit(7);
  return text(`${name} ${JSON.stringify(args ?? {})}`);
}

function read(uri) {
  if (cached.has(uri)) count.hits++;
  else count.misses++;
  cached.add(uri);
  return { contents: [{ uri, text: `text of ${uri}` }] };
}

async function handle(method, params = {}) {
  count.requests++;
  if (method === 'initialize' && !is('modern')) return { protocolVersion: '2025-06-18', ...hello };
  if (method === 'server/discover' && is('modern')) return { supportedVersions: ['2026-07-28'], ...hello };
  if (is('modern') && params._meta?.['io.modelcontextprotocol/protocolVersion'] !== '2026-07-28') return undefined;
  if (method === 'tools/list') return { tools };
  if (method === 'resources/list') {
    return params.cursor ? { resources: pages[1] } : { resources: pages[0], nextCursor: 'next' };
  }
  if (method === 'resources/templates/list') return { resourceTemplates: [] };
  if (method === 'prompts/list')
    return { prompts: [{ name: 'greet' }, { name: 'ask', arguments: [{ name: 'q', required: true }] }] };
  if (method === 'prompts/get') return { messages: [{ role: 'user', content: { type: 'text', text: params.name } }] };
  if (method === 'resources/read') return read(params.uri);
  if (method === 'tools/call') return callTool(params);
  return undefined;
}

async function answer({ id, method, params }) {
  const result = await handle(method, params);
  if (result !== undefined) return { jsonrpc: '2.0', id, result };
  return { jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } };
}

const sessions = new Set();
let last = 0;

async function serve(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const session = request.headers['mcp-session-id'];
  if (request.method === 'DELETE') return response.writeHead(sessions.delete(session) ? 200 : 404).end();
  const message = JSON.parse(body);
  if (is('stateful') && message.method !== 'initialize' && !sessions.has(session))
    return response.writeHead(404).end('{}');
  if (message.id === undefined || message.method === undefined) return response.writeHead(202).end();
  if (is('modern')) {
    const wanted = {
      'tools/call': message.params.name,
      'resources/read': message.params.uri,
      'prompts/get': message.params.name,
    };
    const named = (request.headers['mcp-name'] ?? undefined) === wanted[message.method];
    if (message.method !== 'initialize' && !(named && request.headers['mcp-method'] === message.method)) {
      return response.writeHead(400).end('the headers say something else');
    }
  }
  const headers = { 'content-type': is('events') ? 'text/event-stream' : 'application/json' };
  if (is('stateful') && message.method === 'initialize') {
    sessions.add(`s${++last}`);
    headers['mcp-session-id'] = `s${last}`;
  }
  const answered = await answer(message);
  response.writeHead(answered.error ? 400 : 200, headers);
  const asked = `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: {} })}\n\n`;
  response.end(is('events') ? `${asked}id: 1\ndata: ${JSON.stringify(answered)}\n\n` : JSON.stringify(answered));
}

if (is('http')) {
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
  process.stdin.resume().once('end', () => process.exit());
} else {
  if (is('noisy')) console.log('listening, dear reader');
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const message = JSON.parse(line);
    if (message.id === undefined || message.method === undefined) return;
    if (is('curious')) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'q', method: 'ping' })}\n`);
    process.stdout.write(`${JSON.stringify(await answer(message))}\n`);
  });
}
