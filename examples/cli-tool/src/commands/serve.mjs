import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize, resolve } from 'node:path';

/** Serves the files of a folder on the loopback interface. */
export function serve(folder, { port }) {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    // `normalize` of an absolute path cannot leave it: `/../x` becomes `/x`.
    const file = join(root, normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname)));
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return response.writeHead(404).end('not found\n');
    createReadStream(file).pipe(response.writeHead(200, { 'content-length': found.size }));
  });
  server.listen(port, '127.0.0.1', () => console.log(`serving at http://127.0.0.1:${server.address().port}`));
}
