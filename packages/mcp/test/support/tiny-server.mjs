/**
 * A small MCP server by hand, for tests: over pipes, or over HTTP with `http`. `modern` refuses the handshake; `stateful`
 * gives sessions and forgets them when the tool `forget` is called; `events` answers as a stream; `kept` lets clients keep
 * what they have read.
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { callTool, cancel, count, nothing, subscribed } from './tiny-tools.mjs';

const words = process.argv.slice(2);
const is = (word) => words.includes(word);
const tool = (name, more = {}) => ({ name, description: `does ${name}`, inputSchema: { type: 'object' }, ...more });
const tools = [
  tool('look', { annotations: { readOnlyHint: true } }),
  tool('look-at', { annotations: { readOnlyHint: true }, inputSchema: { type: 'object', required: ['what'] } }),
  tool('write'),
  tool('erase', { annotations: { destructiveHint: true } }),
  tool('fails', { annotations: { readOnlyHint: true } }),
  tool('slow'),
  ...['counters', 'die', 'busy', 'put', 'put-safe', 'all', 'hoard', 'huge', 'long', 'touch'].map((name) => tool(name)),
];
const pages = [[{ uri: 'doc://a', name: 'a' }], [{ uri: 'doc://b', name: 'b' }]];
const cached = new Set();
const hello = {
  capabilities: { tools: {}, resources: { subscribe: true }, prompts: {} },
  serverInfo: { name: 'tiny', version: '1.2.3' },
  instructions: 'Look first.',
};

function read(uri) {
  if (cached.has(uri)) count.hits++;
  else count.misses++;
  cached.add(uri);
  return {
    contents: [{ uri, text: `text of ${uri}` }],
    ...(is('kept') ? { ttlMs: 60_000, cacheScope: 'public' } : {}),
  };
}

function subscribe(uri) {
  subscribed.add(uri);
  return {};
}

/** The subscription of those who have no session: acknowledged, and never answered. */
function listen(uris, { say }) {
  for (const uri of uris) subscribed.add(uri);
  say({
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: { resourceSubscriptions: uris } },
  });
  return nothing;
}

async function handle(method, params, context) {
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
  if (method === 'resources/subscribe') return subscribe(params.uri);
  if (method === 'subscriptions/listen') return listen(params.notifications.resourceSubscriptions, context);
  if (method === 'tools/call') return callTool(params, context);
  return undefined;
}

async function answer({ id, method, params = {} }, say) {
  try {
    const result = await handle(method, params, { id, say });
    if (result === nothing) return undefined;
    // Every result of the newer protocol says what it is.
    if (result !== undefined)
      return { jsonrpc: '2.0', id, result: is('modern') ? { resultType: 'complete', ...result } : result };
    return { jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } };
  } catch ({ code, message }) {
    return { jsonrpc: '2.0', id, error: { code, message } };
  }
}

/** What a client that has stopped waiting says, in sessions. */
const hear = ({ method, params }) => method === 'notifications/cancelled' && cancel(params.requestId);

const sessions = new Set();
const streams = new Set();
let last = 0;

const event = (message) => `event: message\ndata: ${JSON.stringify(message)}\n\n`;
const sayToStreams = (message) => streams.forEach((stream) => stream.write(event({ jsonrpc: '2.0', ...message })));

function openStream(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  streams.add(response);
  response.once('close', () => streams.delete(response));
}

function wrongHeaders({ headers }, { method, params }) {
  const wanted = { 'tools/call': params.name, 'resources/read': params.uri, 'prompts/get': params.name };
  const named = (headers['mcp-name'] ?? undefined) === wanted[method];
  return method !== 'initialize' && !(named && headers['mcp-method'] === method);
}

async function serve(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const session = request.headers['mcp-session-id'];
  if (request.method === 'DELETE') return response.writeHead(sessions.delete(session) ? 200 : 404).end();
  if (request.method === 'GET') return is('stateful') ? openStream(response) : response.writeHead(405).end();
  const message = JSON.parse(body);
  if (is('stateful') && message.method !== 'initialize' && !sessions.has(session))
    return response.writeHead(404).end('{}');
  if (message.id === undefined || message.method === undefined) {
    hear(message);
    return response.writeHead(202).end();
  }
  if (is('modern') && wrongHeaders(request, message))
    return response.writeHead(400).end('the headers say something else');
  if (message.method === 'subscriptions/listen') openStream(response);
  if (message.method === 'tools/call' && message.params.name === 'forget') sessions.clear();
  // Without sessions, whoever closes the stream has cancelled.
  response.once('close', () => cancel(message.id));
  const answered = await answer(message, sayToStreams);
  if (answered === undefined) return undefined;
  const headers = { 'content-type': is('events') ? 'text/event-stream' : 'application/json' };
  if (is('stateful') && message.method === 'initialize') {
    sessions.add(`s${++last}`);
    headers['mcp-session-id'] = `s${last}`;
  }
  response.writeHead(answered.error ? 400 : 200, headers);
  const asked = event({ jsonrpc: '2.0', method: 'notifications/message', params: {} });
  return response.end(is('events') ? `${asked}id: 1\ndata: ${JSON.stringify(answered)}\n\n` : JSON.stringify(answered));
}

if (is('http')) {
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
  process.stdin.resume().once('end', () => process.exit());
} else {
  const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  if (is('noisy')) console.log('listening, dear reader');
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const message = JSON.parse(line);
    if (message.id === undefined || message.method === undefined) return hear(message);
    if (is('curious')) say({ id: 'q', method: 'ping' });
    const answered = await answer(message, say);
    if (answered !== undefined) say(answered);
    return undefined;
  });
}
