import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';

/** Somebody who tells what a server does. */
export interface Witness {
  /**
   * The page that each of its programs tells, by a name that stays the same. Rejects when nothing can be read, and when
   * the signal aborts.
   */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  close(): void;
}

/** Nearly all pages are below a tenth of it; who sends load has no time to read more. */
const mostBytes = 2e6;

const accept = 'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.9,*/*;q=0.1';

/** The page of metrics at a url, over one connection that is kept. */
export function metricsEndpoint(url: string): Witness {
  const isSecure = url.startsWith('https:');
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const request = isSecure ? httpsGet : httpGet;
  return {
    close: () => agent.destroy(),
    read: (signal) =>
      new Promise((resolve, reject) => {
        const call = request(url, { agent, headers: { accept }, signal }, (answer) => {
          textOf(answer).then((text) => resolve(new Map([[url, text]])), reject);
        });
        call.on('error', reject);
      }),
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  if (answer.statusCode !== 200) {
    answer.resume();
    throw new Error(`it answered with status ${answer.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).byteLength;
    if (bytes > mostBytes) {
      throw new Error(
        `it has more than ${mostBytes / 1e6} MB, and reading so much would hold up what sends: expose fewer series, or those of the load at a page of their own`,
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
