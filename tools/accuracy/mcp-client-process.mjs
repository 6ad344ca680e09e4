/**
 * One client of mcp-client.mjs in a process of its own: calls a tool as often as it is told to, with so many calls under way,
 * and says how many succeeded and how long that took. Ends when nobody tells it anything any more.
 *
 *     node mcp-client-process.mjs <own|sdk-1|sdk-2> <url> <tool> <bundle of our own client>
 */
const [kind, url, tool, ours] = process.argv.slice(2);
const info = { name: 'bench', version: '1' };

const official = async (Client, StreamableHTTPClientTransport) => {
  const client = new Client(info);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return async () => (await client.callTool({ name: tool, arguments: {} })).isError !== true;
};

const callers = {
  own: async () => {
    const { connectMcp } = await import(ours);
    const client = await connectMcp({ url });
    return async () => (await client.callTool(tool)).outcome === 'ok';
  },
  'sdk-1': async () => {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    return official(Client, StreamableHTTPClientTransport);
  },
  'sdk-2': async () => {
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    return official(Client, StreamableHTTPClientTransport);
  },
};

const call = await callers[kind]();

process.on('message', async ({ calls, inFlight }) => {
  let [next, ok] = [0, 0];
  const lane = async () => {
    while (next++ < calls) if (await call()) ok += 1;
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  process.send({ ok, seconds: (performance.now() - start) / 1000 });
});
process.on('disconnect', () => process.exit());
process.send('ready');
