import { mkdtemp, rm } from 'node:fs/promises';
import {
  Agent,
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneAtATime } from '../src/store/one-at-a-time.ts';

interface S3rver {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;

export interface S3Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface S3ServerOptions {
  /** Answers a put that must not overwrite with 412 when the key is there; else it overwrites. @default false */
  readonly conditional?: boolean;
}

export const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/**
 * A server with the bucket `perf`, and before it what makes it whole: a body counts when all of it has come, and requests
 * are served one after the other. By itself s3rver keeps the half that a client had sent which was killed, and ends its
 * process when a folder goes that it has just made, because another client deleted the last object in it.
 */
export async function startS3({ conditional = false }: S3ServerOptions = {}): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'perfkeel-s3-'));
  const settings = { port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: 'perf' }] };
  const store = new S3rver(settings);
  const { port: behind } = await store.run();
  const inTurn = oneAtATime();
  const front = createServer((from, to) => {
    const serve = async (): Promise<void> => {
      const body = await bodyOf(from);
      // Who was killed waits for no answer.
      if (body !== undefined) send(to, await inTurn('all', () => answer(from, body, behind, conditional)));
    };
    serve().catch(() => to.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `undefined` when the connection ended before. */
async function bodyOf(from: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of from) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return from.complete ? Buffer.concat(chunks) : undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function answer(from: IncomingMessage, body: Buffer, port: number, conditional: boolean): Promise<Answer> {
  const { method = 'GET', url: path = '/', headers } = from;
  if (conditional && headers['if-none-match'] === '*') {
    const [name = '/'] = path.split('?');
    if ((await ask(port, 'HEAD', name, {})).status === 200) return refused;
  }
  return await ask(port, method, path, headers, body);
}

const refused: Answer = {
  status: 412,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from('<Error><Code>PreconditionFailed</Code></Error>'),
};

/** Headers that speak of one connection, and not of what is asked. */
const ofConnections = ['connection', 'keep-alive', 'transfer-encoding', 'expect'];

const lasting = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnections.includes(name)));

/** A connection that is kept may end just when it is used again. */
const agent = new Agent({ keepAlive: false });

function ask(port: number, method: string, path: string, headers: IncomingHttpHeaders, body?: Buffer): Promise<Answer> {
  const length = body === undefined || body.length === 0 ? {} : { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, method, path, agent, headers: { ...lasting(headers), ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('error', reject)
          .on('end', () =>
            resolve({ status: response.statusCode ?? 500, headers: response.headers, body: Buffer.concat(chunks) }),
          );
      },
    );
    asked.on('error', reject).end(body);
  });
}

function send(to: ServerResponse, { status, headers, body }: Answer): void {
  to.on('error', () => undefined);
  to.writeHead(status, lasting(headers));
  to.end(body);
}
