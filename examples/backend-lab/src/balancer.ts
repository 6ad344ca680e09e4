import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { Lab } from './lab.ts';

/** Passes requests on to several servers, to each in its turn. */
export async function startBalancer(backends: readonly string[], port = 0): Promise<Lab> {
  const agent = new Agent({ keepAlive: true, noDelay: true });
  let turn = 0;

  const forward = (incoming: IncomingMessage, response: ServerResponse): void => {
    const backend = backends[turn++ % backends.length]!;
    const { method = 'GET', headers } = incoming;
    const outgoing = request(new URL(incoming.url ?? '/', backend), { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-backend': backend });
      pipeline(answer, response, () => undefined);
    });
    outgoing.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(`${backend}: ${error.message}\n`);
    });
    pipeline(incoming, outgoing, () => undefined);
  };

  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, forward);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
