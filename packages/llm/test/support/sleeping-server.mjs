/**
 * An OpenAI-compatible server whose times are known, for tests and accuracy benches: `node sleeping-server.mjs` prints its
 * url and ends with its stdin. Each request says in its field `sleep` how it is answered, times in milliseconds:
 *
 * - `first` before the first token, `gap` between tokens, `tokens` in all, `flush` tokens written at once, one event and one chunk each
 * - `load` before anything, when another model was asked for last; the model is then loaded. With `how: 'refuse'` it is loaded
 *   behind a 503 that asks for a tenth of a second
 * - `recall` answers questions about codes from the last so many messages
 * - `how`: words such as `torn` (pieces end anywhere), `quiet` (no usage), `reasoning` (every second token),
 *   `error`, `cut`, `empty`, `json`, `busy` (503), `garbage`, `bare` (no [DONE]), `hang`, `alias` (names no model), `linger`,
 *   `ponder` (in longer conversations all tokens are reasoning, and then there are no more)
 *
 * GET /truth gives what it saw itself, and forgets it: for each answer nanoseconds from the arrival of the request to the
 * write of the first token, and from that to the write of the last.
 */
import { createServer } from 'node:http';

const now = () => Number(process.hrtime.bigint());
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let [loaded, ready, truth] = [undefined, 0, []];

const chunk = (model, delta, finish) => ({
  ...{ id: 'c', object: 'chat.completion.chunk', model },
  choices: [{ index: 0, delta, finish_reason: finish ?? null }],
});
const event = (what) => `data: ${typeof what === 'string' ? what : JSON.stringify(what)}\n\n`;

function recalled(messages, last) {
  const text = messages.slice(-last).map(({ content }) => content);
  const [, name] = /the code of the (.+)\?/.exec(text.at(-1)) ?? [];
  const [, code] = new RegExp(`the code of the ${name} is (\\d+)`).exec(text.join('\n')) ?? [];
  return code ?? 'unknown';
}

/** Waits for the moment itself, so that late timers do not add up. */
const until = (moment) => sleep(Math.max(0, (moment - now()) / 1e6));

async function* pieces({ model, messages, sleep: plan = {} }) {
  const { first = 0, gap = 0, tokens = 3, flush = 1, recall, how = '' } = plan;
  const start = now();
  const words =
    recall === undefined ? Array.from({ length: tokens }, (_, n) => ` wörd${n}€`) : [recalled(messages, recall)];
  const ponders = how.includes('ponder') && messages.length > 5;
  yield event(chunk(model, { role: 'assistant', content: '' }));
  if (how.includes('empty')) words.length = 0;
  const thinks = how.includes('reasoning');
  let [began, last] = [0, 0];
  for (let n = 0; n < words.length; n += flush) {
    await until(start + (first + n * gap) * 1e6);
    if (how.includes('error') && n > 1) return yield event({ error: { message: 'out of memory' } });
    if (how.includes('garbage') && n > 1) return yield event('{ half');
    if (how.includes('cut') && n > 1) return;
    last = now();
    began ||= last;
    yield words
      .slice(n, n + flush)
      .map((word, k) =>
        event(chunk(model, ponders || (thinks && (n + k) % 2 === 0) ? { reasoning: word } : { content: word })),
      )
      .join('');
  }
  truth.push({ first: began - start, rest: last - began, tokens: words.length });
  yield event(chunk(model, {}, ponders ? 'length' : 'stop'));
  if (!how.includes('quiet')) yield event({ model, choices: [], usage: { completion_tokens: words.length } });
  if (!how.includes('bare')) yield event('[DONE]');
}

async function answer(request, response) {
  let text = '';
  for await (const piece of request) text += piece;
  if (request.url === '/truth') {
    response.end(JSON.stringify(truth));
    truth = [];
    return;
  }
  const body = JSON.parse(text);
  const { load = 0, how = '' } = body.sleep ?? {};
  if (how.includes('hang')) return;
  if (how.includes('busy')) return response.writeHead(503).end('{"error":{"message":"overloaded"}}');
  if (how.includes('json'))
    return response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}');
  if (loaded !== body.model) {
    loaded = body.model;
    ready = now() + load * 1e6;
    if (!how.includes('refuse')) await sleep(load);
  }
  if (how.includes('refuse') && now() < ready) return response.writeHead(503, { 'retry-after': '0.1' }).end();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const named = how.includes('alias') ? { ...body, model: 'the-only-one' } : body;
  for await (const piece of pieces(named)) await write(response, piece, how);
  if (how.includes('cut')) return response.destroy();
  if (how.includes('linger')) return;
  response.end();
}

/** Torn: in pieces of seven bytes, which end inside of events and of characters. */
async function write(response, piece, how) {
  if (!how.includes('torn')) {
    // A chunk for each event, and one packet for all.
    response.cork();
    for (const one of piece.split(/(?<=\n\n)/)) response.write(one);
    return response.uncork();
  }
  const bytes = Buffer.from(piece);
  for (let at = 0; at < bytes.length; at += 7) {
    response.write(bytes.subarray(at, at + 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().once('end', () => process.exit());
