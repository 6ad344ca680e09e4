import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface S3rver {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;

export interface S3Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** A server with the bucket `perf`. It knows no conditional puts: it overwrites. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'perfkeel-s3-'));
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'perf' }],
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => server.close().then(() => rm(directory, { recursive: true, force: true })),
  };
}

/** Before a server without conditional puts, something that has them: one put of a key at a time, 412 when it is there. */
export async function startConditional(behind: S3Server): Promise<S3Server> {
  const target = new URL(behind.endpoint);
  let turn: Promise<unknown> = Promise.resolve();
  const exists = (path: string): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const [name = ''] = path.split('?');
      request({ host: target.hostname, port: target.port, path: name, method: 'HEAD' }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
        .on('error', reject)
        .end();
    });
  const forward = (from: IncomingMessage, to: ServerResponse): Promise<void> =>
    new Promise((resolve) => {
      const { method, url: path, headers } = from;
      const passed = request({ host: target.hostname, port: target.port, method, path, headers }, (response) => {
        to.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(to).on('close', resolve);
      });
      from.pipe(passed);
    });
  const server = createServer((from, to) => {
    if (from.headers['if-none-match'] !== '*') return void forward(from, to);
    turn = turn.then(async () => {
      if (!(await exists(from.url ?? ''))) return await forward(from, to);
      from.resume();
      to.writeHead(412, { 'content-type': 'application/xml' });
      to.end('<Error><Code>PreconditionFailed</Code></Error>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}
