import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createServer } from './create-server.ts';
import { serveHttp } from './serve-http.ts';
import { createShared } from './shared.ts';

// Over pipes, or with `--http` over streamable HTTP at PORT.
const shared = await createShared({
  cache: process.env['CACHE'] !== 'off',
  diskMs: Number(process.env['DISK_MS'] ?? 0),
});
if (process.argv.includes('--http')) {
  const { url } = await serveHttp(shared, Number(process.env['PORT'] ?? 0));
  console.log(`listening on ${url}`);
} else {
  await createServer(shared).connect(new StdioServerTransport());
}
