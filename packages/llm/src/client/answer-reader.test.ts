import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer-reader.ts';

const event = (what: unknown): string => `data: ${typeof what === 'string' ? what : JSON.stringify(what)}\n\n`;
const delta = (said: object): string => event({ model: 'm', choices: [{ delta: said }] });
const role = delta({ role: 'assistant', content: '' });
const done = event('[DONE]');

/** Each text arrives at its time. */
function readAll(pieces: readonly (readonly [at: number, text: string])[]) {
  const reader = new AnswerReader();
  for (const [at, text] of pieces) reader.push(Buffer.from(text), at);
  return reader.close(100);
}

describe('AnswerReader', () => {
  it('takes the time of text, and neither of the first byte nor of the role', () => {
    const answer = readAll([
      [1, role],
      [20, delta({ content: 'a' })],
      [30, delta({ content: 'b' })],
      [31, event({ choices: [], usage: { completion_tokens: 7 } }) + done],
    ]);
    expect(answer).toEqual({
      ...{ answeredBy: 'm', failure: undefined, firstByte: 1, firstOutput: 20, arrivals: [20, 30], events: 2, end: 31 },
      ...{ text: 'ab', reasoning: '', usage: 7, reasoningUsage: undefined, finish: undefined, choices: undefined },
    });
  });

  it('takes events that arrive together as one arrival, and a torn one when it is whole', () => {
    const torn = delta({ content: 'c' });
    const answer = readAll([
      [10, delta({ content: 'a' }) + delta({ content: 'b' }) + torn.slice(0, 25)],
      [20, torn.slice(25)],
      [20, delta({ content: 'd' })],
      [30, done],
    ]);
    expect(answer).toMatchObject({ arrivals: [10, 20], events: 4, text: 'abcd', failure: undefined });
  });

  it.each(['reasoning', 'reasoning_content'])('tells %s from the answer', (field) => {
    const answer = readAll([
      [10, delta({ [field]: 'hm' })],
      [20, delta({ content: 'yes' }) + done],
    ]);
    expect(answer).toMatchObject({ arrivals: [10, 20], firstOutput: 20, text: 'yes', reasoning: 'hm' });
  });

  it('tells what stands in tags of thinking from the answer, wherever these are torn', () => {
    const answer = readAll([
      [10, delta({ content: '\n<thi' })],
      [20, delta({ content: 'nk>hm</th' })],
      [30, delta({ content: 'ink>\n\n' })],
      [40, delta({ content: 'yes' }) + done],
    ]);
    expect(answer).toMatchObject({ arrivals: [10, 20, 30, 40], firstOutput: 40, text: 'yes', reasoning: 'hm' });
    expect(readAll([[10, delta({ content: '<thi' }) + done]])).toMatchObject({ firstOutput: 10, text: '<thi' });
    expect(readAll([[10, delta({ content: '<think>on and on' }) + done]])).toMatchObject({ text: '', arrivals: [10] });
    expect(readAll([[10, delta({ content: ' a <think>' }) + done]])).toMatchObject({ text: ' a <think>' });
  });

  it('says that tokens ran out before the first word', () => {
    const cut = event({ choices: [{ delta: {}, finish_reason: 'length' }] });
    expect(readAll([[10, role + cut]])).toMatchObject({
      finish: 'length',
      failure: { code: 'no-token', message: expect.stringContaining('raise maxTokens') as string },
    });
    const filtered = event({ choices: [{ delta: {}, finish_reason: 'content_filter' }] });
    expect(readAll([[10, role + filtered]]).failure?.message).toContain('"content_filter"');
  });

  it('takes the text of the first choice, and the times of all', () => {
    const of = (index: number, content: string): string => event({ choices: [{ index, delta: { content } }] });
    const answer = readAll([
      [10, of(1, 'x')],
      [20, of(0, 'a')],
      [30, of(1, 'y') + done],
    ]);
    expect(answer).toMatchObject({ arrivals: [10, 20, 30], events: 3, firstOutput: 20, text: 'a', choices: 2 });
  });

  it('takes the call of a tool as output', () => {
    const call = delta({ tool_calls: [{ function: { name: 'look', arguments: '{"a":1}' } }] });
    expect(readAll([[10, call + done]])).toMatchObject({ firstOutput: 10, text: 'look{"a":1}', failure: undefined });
  });

  it.each([
    ['stream-error', delta({ content: 'a' }) + event({ error: { message: 'out of memory' } }) + done],
    ['stream-error', event({ object: 'error', message: 'no' })],
    ['bad-event', event('{ half') + done],
    ['cut-off', delta({ content: 'a' })],
    ['no-token', role + done],
    [undefined, delta({ content: 'a' }) + event({ choices: [{ delta: {}, finish_reason: 'stop' }] })],
    [undefined, delta({ content: 'a' }) + done + event({ error: 'behind the end' }).slice(0, 9)],
  ])('ends with %s', (code, text) => {
    expect(readAll([[10, text]]).failure?.code).toBe(code);
  });

  it('does not count what happens to the connection behind the end of the answer', () => {
    const reader = new AnswerReader();
    reader.push(Buffer.from(delta({ content: 'a' }) + done), 10);
    const answer = reader.close(2000, { code: 'timeout', message: 'no whole answer' });
    expect([answer.failure, answer.end]).toEqual([undefined, 10]);
  });
});
