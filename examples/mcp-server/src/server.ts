import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createServer, createShared } from './create-server.ts';
import { serveHttp } from './serve-http.ts';

// Over pipes, or with `--http` over streamable HTTP at PORT.
const shared = createShared();
if (process.argv.includes('--http')) {
  console.log(`listening on ${await serveHttp(shared, Number(process.env['PORT'] ?? 0))}`);
} else {
  await createServer(shared).connect(new StdioServerTransport());
}
