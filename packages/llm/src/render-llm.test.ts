import { describe, expect, it } from 'vitest';
import type { Completion } from './client/completion.ts';
import { recallOf } from './measure/recall.ts';
import type { LlmResult } from './measure/measure-llm.ts';
import { planLlm } from './plan-llm.ts';
import { renderLlm } from './render-llm.ts';

const command = '\u001b[2J\u009b31m\u202e\r\u0007';

/** A round of a server that puts commands for a terminal into everything that it says. */
function hostileRound(): LlmResult {
  const model = `m${command}`;
  const said: Completion = {
    model,
    arrivals: [1, 2],
    events: 2,
    end: 3,
    text: `${command}No\n# idea`,
    reasoning: '',
    usage: 2,
  };
  const failed: Completion = { ...said, failure: { code: 'stream-error', message: `out\n${command}of memory` } };
  const question = { fact: { name: 'amber mill', code: '482913' }, others: [], turns: 2, answer: said };
  const plan = planLlm({ url: 'http://127.0.0.1:1/v1', models: model, phases: ['baseline'] }, [], 1);
  const baseline = {
    cold: failed,
    completions: [said],
    context: recallOf([question]),
    asked: [failed, said, said],
    dropped: 0,
  };
  return { plan, baseline };
}

describe('renderLlm', () => {
  it('lets nothing through that a terminal would obey, and no line that a server has made up', () => {
    const lines = renderLlm(hostileRound()).split('\n');
    expect(lines.join('').match(/[\p{Cc}\u202e]/u)).toBeNull();
    expect(lines[0]).toMatch(/^# m\w*$/);
    expect(lines).toContainEqual(expect.stringMatching(/^- Note: model m\w*: stream-error: out \w*of memory$/));
    expect(lines.filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(lines).toContain('- after 2 turns: 0 of 1 facts recalled [0 %, 79.3 %]');
  });
});
