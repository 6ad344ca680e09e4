/**
 * A server over pipes that does one thing wrong: `garbage` writes what is no message, `mute` never answers, `dies` with its
 * first call, `wrong-ids` answers other requests than it was asked, `twice` answers everything twice, `shapeless` answers
 * with results of no shape, `huge` with 4 MB.
 */
import { createInterface } from 'node:readline';

const [how] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const tool = (name) => ({ name, inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } });
const garbage = 'listening\n[1,2\n[]\n42\nnull\n"text"\n{"jsonrpc":"2.0"}\n{"id":{},"result":1}\n\n';
const text = how === 'huge' ? 'x y '.repeat(1e6) : 'fine';
const results = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: how, version: '1' } },
  'tools/list': { tools: [tool('look')] },
  'tools/call': { content: [{ type: 'text', text }] },
};
const shapeless = {
  ...results,
  'tools/list': { tools: [null, 7, 'look', tool('look'), {}], nextCursor: 5 },
  'tools/call': { content: [null, 3, { type: 'text' }, { resource: null }] },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined || how === 'mute') return;
  if (how === 'garbage') process.stdout.write(garbage);
  if (how === 'dies' && method === 'tools/call') process.exit(9);
  const result = (how === 'shapeless' ? shapeless : results)[method];
  if (how === 'wrong-ids' && method === 'tools/call') {
    for (const wrong of [id + 1000, String(id), null]) say({ id: wrong, result });
    return;
  }
  say({ id, result });
  if (how === 'twice') say({ id, result });
});
