import { createRng } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { conversation, makeFacts, recalls } from './facts.ts';

describe('makeFacts', () => {
  it('gives names and codes that differ, the same for the same seed', () => {
    const facts = makeFacts(250, createRng(7));
    expect(new Set(facts.map(({ name }) => name)).size).toBe(250);
    expect(new Set(facts.map(({ code }) => code)).size).toBe(250);
    expect(facts.every(({ code }) => /^[1-9]\d{5}$/.test(code))).toBe(true);
    expect(makeFacts(250, createRng(7))).toEqual(facts);
  });
});

describe('conversation', () => {
  it('tells first, talks of something else, and asks last', () => {
    const facts = [
      { name: 'amber mill', code: '111111' },
      { name: 'ivory vault', code: '222222' },
    ];
    const messages = conversation(facts, 2, 'Well.');
    expect(messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: Remember this: the code of the amber mill is 111111.\nRemember this: the code of the ivory vault is 222222.',
      'assistant: Noted.',
      'user: 1. Well.',
      'assistant: Well.',
      'user: 2. Well.',
      'assistant: Well.',
      'user: What is the code of the amber mill? Answer with the code alone.',
    ]);
  });
});

describe('recalls', () => {
  const fact = { name: 'amber mill', code: '482913' };
  const other = { name: 'ivory vault', code: '555555' };

  it.each([
    ['482913', true],
    ['The code is **482913**.', true],
    ['482 913', true],
    ['482,913!', true],
    ['1482913', false],
    ['4829130', false],
    ['I do not know.', false],
    ['', false],
    ['One of 482913 and 555555', false],
    ['In 3 words: 482913', true],
  ])('%s: %s', (answer, expected) => {
    expect(recalls(answer, fact, [other])).toBe(expected);
  });
});
