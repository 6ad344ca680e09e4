import { describe, expect, it } from 'vitest';
import type { Completion } from '../client/completion.ts';
import { manyUnsaid } from './ran-out-warnings.ts';
import { recallOf, type Question } from './recall.ts';

const fact = { name: 'amber mill', code: '482913' };
const answer = (text: string, more: Partial<Completion> = {}): Completion => ({
  ...{ model: 'm', arrivals: [1], events: 1, end: 2, text, reasoning: 'Let me think.', finish: 'stop' },
  ...more,
});
const question = (one: Completion, turns = 0): Question => ({ fact, others: [], turns, answer: one });

const right = question(answer('482913'));
const wrong = question(answer('No idea.', { finish: 'length' }));
const unsaid = question(answer(' ', { finish: 'length' }), 4);
const unseen = question(answer('', { finish: 'max_tokens', failure: { code: 'no-token', message: '' } }));
const broken = question(answer('', { finish: 'length', failure: { code: 'stream-error', message: '' } }));

describe('recallOf', () => {
  it('leaves out answers that ran out of tokens before they said anything', () => {
    expect(recallOf([right, wrong, unsaid, unseen, broken])).toEqual({
      ...{ kept: 1, asked: 3, unsaid: 2, byTurns: [{ turns: 0, kept: 1, asked: 3 }] },
      miss: 'after 0 turns the code of the amber mill was asked for, and the answer was "No idea.", cut at maxTokens',
    });
  });

  it('counts an answer that says nothing and was not cut as forgotten', () => {
    expect(recallOf([question(answer(''))])).toMatchObject({ kept: 0, asked: 1, unsaid: 0 });
  });
});

describe('manyUnsaid', () => {
  const of = (count: number, more: number) =>
    recallOf([...Array<Question>(more).fill(right), ...Array<Question>(count).fill(unsaid)]);

  it('says nothing of one in twenty, and takes the verdict from more', () => {
    expect(manyUnsaid(of(1, 19))).toEqual([]);
    expect(manyUnsaid(of(2, 18))).toMatchObject([
      {
        forbids: 'verdict',
        message: expect.stringMatching(/^2 of 20 answers about facts.*raise maxTokens$/) as string,
      },
    ]);
    expect(manyUnsaid(of(0, 0))).toEqual([]);
  });
});
