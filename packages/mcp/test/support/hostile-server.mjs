/** A server over pipes that does one thing wrong: the word says which, and is its name. */
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [how] = process.argv.slice(2);
const write = (message) => JSON.stringify({ jsonrpc: '2.0', ...message });
const say = (message) => process.stdout.write(`${write(message)}\n`);
const tool = (name, more) => ({
  name,
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
  ...more,
});
const fine = { content: [{ type: 'text', text: 'fine' }] };
const results = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: how, version: '1' } },
  'tools/list': { tools: [tool('look')] },
  'tools/call': fine,
};
const escapes = '\u001b[2Jred\u009b31m\u202egnp.exe\n# heading';
const secrets = () =>
  `${process.env.SERVER_TOKEN} refused, ${process.argv.slice(3).join(' ')}, http://me:pw-of-me@host/`;

/** What a wrong server answers in place of the above. */
const wrong = {
  huge: { 'tools/call': { content: [{ type: 'text', text: 'x y '.repeat(1e6) }] } },
  shapeless: {
    'tools/list': { tools: [null, 7, 'look', tool('look'), {}], nextCursor: 5 },
    'tools/call': { content: [null, 3, { type: 'text' }, { resource: null }] },
  },
  'same-cursor': { 'tools/list': { tools: [tool('look')], nextCursor: 'again' } },
  many: {
    'tools/list': { tools: Array.from({ length: 1e5 }, (_, n) => tool(`tool-${n}`, { description: 'does it' })) },
  },
  escapes: {
    initialize: { ...results.initialize, serverInfo: { name: escapes, version: escapes }, instructions: escapes },
    'tools/list': { tools: [tool(escapes, { description: escapes, annotations: {} }), tool('look')] },
    'tools/call': { isError: true, content: [{ type: 'text', text: escapes }] },
  },
  secrets: {
    'tools/list': { tools: [tool('look', { description: secrets() }), tool(secrets(), { annotations: {} })] },
    'tools/call': { isError: true, content: [{ type: 'text', text: secrets() }] },
  },
}[how];

/** JSON.stringify cannot write it. */
const deep = `{"type":"object","properties":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`;
const deepList = `{"tools":[{"name":"look","annotations":{"readOnlyHint":true},"inputSchema":${deep}}]}`;

const garbage = 'listening\n[1,2\n[]\n42\nnull\n"text"\n{"jsonrpc":"2.0"}\n{"id":{},"result":1}\n\n';

/** Writes again and again, as fast as it is read. */
function flood(stream, text) {
  while (stream.write(text));
  stream.once('drain', () => flood(stream, text));
}

/** What wrong servers do instead of answering, or before it; true when nothing is answered. */
const deeds = {
  mute: () => true,
  garbage: () => void process.stdout.write(garbage),
  dies: ({ method }) => method === 'tools/call' && process.exit(9),
  'wrong-ids': ({ id, method }, result) => {
    if (method !== 'tools/call') return false;
    for (const other of [id + 1000, String(id), null]) say({ id: other, result });
    return true;
  },
  twice: ({ id }, result) => say({ id, result }),
  endless: ({ method }) => {
    if (method === 'tools/call') flood(process.stdout, 'x'.repeat(1 << 16));
    return method === 'tools/call';
  },
  deep: ({ id, method }) =>
    method === 'tools/list' &&
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${deepList}}\n`) !== undefined,
  'new-cursors': ({ id, method }) =>
    method === 'tools/list' && (say({ id, result: { tools: [tool(`t${id}`)], nextCursor: `c${id}` } }), true),
  cut: ({ id, method }, result) => {
    if (method !== 'tools/call') return false;
    return process.stdout.write(write({ id, result }).slice(0, 30), () => process.exit(0)) !== undefined;
  },
  'floods-notifications': ({ method }) =>
    void (
      method === 'tools/list' && flood(process.stdout, `${write({ method: 'notifications/message' })}\n`.repeat(500))
    ),
  'floods-stderr': ({ method }) =>
    void (method === 'tools/list' && flood(process.stderr, 'no end of it\n'.repeat(2000))),
  'floods-pings': ({ method }) =>
    void (
      method === 'tools/call' &&
      process.stdin.pause() &&
      flood(process.stdout, `${write({ id: 'p', method: 'ping' })}\n`.repeat(500))
    ),
  deaf: ({ method }) => {
    if (method !== 'tools/call') return false;
    process.stdin.destroy();
    closeSync(0);
    setTimeout(() => process.exit(), 20_000);
    return true;
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.id === undefined || message.method === undefined) return;
  const result = { ...results, ...wrong }[message.method];
  if (deeds[how]?.(message, result) !== true) say({ id: message.id, result });
});
