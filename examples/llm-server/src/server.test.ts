import { describe, expect, it } from 'vitest';
import { answerTokens } from './answer.ts';
import { visibleTokens, type Message } from './context-window.ts';
import { ModelHost } from './model-host.ts';
import { NgramModel, tokensOf } from './ngram-model.ts';
import { serve } from './serve.ts';

const user = (content: string): Message => ({ role: 'user', content });
const told = user('Remember this: the code of the amber mill is 123456.');
const asked = user('What is the code of the amber mill? Answer with the code alone.');
const filler = user('and so on '.repeat(20));

describe('a model', () => {
  it('goes on as what it has read', () => {
    const model = new NgramModel();
    model.learn('start one two three four five six seven');
    const said = [
      ...take(
        model.continue(tokensOf(' one two'), () => 0),
        3,
      ),
    ];
    expect(said.join('')).toBe(' three four five');
  });

  it('answers from what it can see, and forgets what it cannot', () => {
    const model = new NgramModel();
    const answer = (messages: readonly Message[]): string =>
      [...answerTokens(model, messages, visibleTokens(messages, 60), 8)].join('');
    expect(answer([told, asked])).toBe('123456');
    expect(answer([told, filler, asked])).toBe('I do not know.');
  });
});

function* take<T>(values: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const value of values) {
    if (left-- === 0) return;
    yield value;
  }
}

describe('a host', () => {
  it('has one model at a time, and serves in the order of arrival', async () => {
    const host = new ModelHost();
    const events: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const use = (name: string, until?: Promise<void>): Promise<void> =>
      host.use(name, async () => {
        events.push(`${name} begins`);
        await until;
        events.push(`${name} ends`);
      });
    const all = [use('prose', held), use('prose'), use('code'), use('prose')];
    await all[1];
    // The other model has to wait, and who comes behind it does not overtake.
    expect(events).toEqual(['prose begins', 'prose begins', 'prose ends']);
    release();
    await Promise.all(all);
    expect(events.slice(3)).toEqual(['prose ends', 'code begins', 'code ends', 'prose begins', 'prose ends']);
  });
});

describe('the server', () => {
  it('streams a role, tokens, a reason, usage and an end, and refuses a model that it has not', async () => {
    const { url, close } = await serve({ port: 0, window: 100, pace: 0 });
    const ask = (model: string): Promise<Response> =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model, messages: [told, asked], stream_options: { include_usage: true } }),
      });
    const events = (await (await ask('code')).text()).split('\n\n').filter(Boolean);
    const chunk = (delta: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'code', choices: [{ index: 0, delta, finish_reason: finish }] })}`;
    expect(events.slice(0, 3)).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: '123456' }),
      chunk({}, 'stop'),
    ]);
    expect(events[3]).toContain('"completion_tokens":1');
    expect(events[4]).toBe('data: [DONE]');
    expect((await ask('other')).status).toBe(404);
    await close();
  });
});
