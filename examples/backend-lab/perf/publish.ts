import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** Publishes a message to a topic, and fails when nobody hears it. */
export function publish(url: string, topic: string, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(message) } };
    const sent = request(`${url}/publish?topic=${topic}`, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      response.on('end', () => {
        if (response.statusCode === 200 && !body.includes('"delivered":0')) resolve();
        else reject(new Error(`nobody has it: ${response.statusCode} ${body}`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(message);
  });
}
