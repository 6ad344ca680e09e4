import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { parseExposition, type Exposition } from '../exposition/parse-exposition.ts';

/** Somebody who tells what a server does. */
export interface Witness {
  /** Reads what each of its programs tells, by a name that stays the same. Rejects when nothing can be read. */
  read(): Promise<ReadonlyMap<string, Exposition>>;
  close(): void;
}

/** A server under load may answer late, and has more to do than to be asked again. */
const patienceMs = 5000;
/** Beyond that it is no page of metrics. */
const mostBytes = 16e6;

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
    read: () =>
      new Promise((resolve, reject) => {
        const call = request(url, { agent, headers: { accept } }, (answer) => {
          textOf(answer)
            .then((text) => resolve(new Map([[url, expectMetrics(text)]])), reject)
            .catch(reject);
        });
        const timer = setTimeout(() => call.destroy(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs);
        call.on('error', reject);
        call.on('close', () => clearTimeout(timer));
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
    if (bytes > mostBytes) throw new Error(`it answered with more than ${mostBytes / 1e6} MB`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function expectMetrics(text: string): Exposition {
  const exposition = parseExposition(text);
  if (exposition.samples.length > 0 || exposition.malformed === 0) return exposition;
  throw new Error('its answer is no text of Prometheus or OpenMetrics');
}
