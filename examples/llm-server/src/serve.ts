import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerTokens } from './answer.ts';
import { visibleTokens, type Message } from './context-window.ts';
import { modelNames } from './corpus.ts';
import { ModelHost } from './model-host.ts';

export interface Settings {
  readonly port: number;
  /** Tokens of a conversation that a model can see. */
  readonly window: number;
  /** Milliseconds for each token. */
  readonly pace: number;
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly max_tokens?: number;
  readonly stream_options?: { readonly include_usage?: boolean };
}

export interface Serving {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The part of the API of OpenAI that streams chat completions, on this machine only. */
export function serve(settings: Settings): Promise<Serving> {
  const host = new ModelHost();
  const server = createServer((request, response) => {
    answer(request, response, host, settings).catch((error: unknown) => response.destroy(error as Error));
  });
  return new Promise((resolve) => {
    server.listen(settings.port, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const close = (): Promise<void> => {
        server.closeAllConnections();
        return new Promise((closed) => server.close(() => closed()));
      };
      resolve({ url: `http://127.0.0.1:${port}`, close });
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  host: ModelHost,
  settings: Settings,
): Promise<void> {
  if (request.url === '/v1/models') {
    return sendJson(response, 200, { object: 'list', data: modelNames.map((id) => ({ id, object: 'model' })) });
  }
  const body = await readBody(request);
  if (request.url !== '/v1/chat/completions' || body === undefined)
    return refuse(response, 400, 'ask for a completion');
  if (!modelNames.includes(body.model)) return refuse(response, 404, `there is no model "${body.model}"`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await host.use(body.model, async (model) => {
    const send = (delta: object, finish: string | null = null): void => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      sendEvent(response, { object: 'chat.completion.chunk', model: body.model, choices });
    };
    send({ role: 'assistant', content: '' });
    const visible = visibleTokens(body.messages, settings.window);
    let tokens = 0;
    const most = body.max_tokens ?? 64;
    for (const content of answerTokens(model, body.messages, visible, most)) {
      await sleep(settings.pace);
      if (response.destroyed) return;
      send({ content });
      tokens += 1;
    }
    send({}, tokens < most ? 'stop' : 'length');
    const usage = { prompt_tokens: visible.length, completion_tokens: tokens, total_tokens: visible.length + tokens };
    if (body.stream_options?.include_usage === true) sendEvent(response, { model: body.model, choices: [], usage });
  });
  response.end('data: [DONE]\n\n');
}

async function readBody(request: IncomingMessage): Promise<ChatBody | undefined> {
  let text = '';
  for await (const piece of request) text += String(piece);
  try {
    const body = JSON.parse(text) as ChatBody;
    return Array.isArray(body.messages) ? body : undefined;
  } catch {
    return undefined;
  }
}

const sendEvent = (response: ServerResponse, what: object): void =>
  void response.write(`data: ${JSON.stringify(what)}\n\n`);

function sendJson(response: ServerResponse, status: number, what: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(what));
}

const refuse = (response: ServerResponse, status: number, message: string): void =>
  sendJson(response, status, { error: { message, type: 'invalid_request_error' } });
