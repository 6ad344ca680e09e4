import { formatQuantity, type Warning } from '@perfkeel/core';
import { isCut, ranOut, type Completion } from '../client/completion.ts';
import { hiddenTokens, succeeded } from './answer-times.ts';
import type { Recall } from './recall.ts';

/** From this share on, those that are left out could turn the result. */
const mostLeftOut = 0.05;

const remedies = ['Raise maxTokens, so that a model can think and still answer.'];

/** What should be known of models that say something to themselves before they answer. */
export function reasoningWarnings(all: readonly Completion[], maxTokens: number): readonly Warning[] {
  const silent = all.filter(ranOut).length;
  const hidden = succeeded(all).filter((one) => hiddenTokens(one) > 0).length;
  return [
    ...(silent > 0 ? [ranOutWarning(`${silent} of ${all.length} answers`, ` (${maxTokens} tokens)`)] : []),
    ...(hidden > 0 ? [hiddenReasoning] : []),
  ];
}

/** Questions that nobody answered are no forgetting; too many of them, and nothing follows from the others. */
export function manyUnsaid({ asked, unsaid }: Recall): readonly Warning[] {
  if (unsaid <= mostLeftOut * (asked + unsaid)) return [];
  const which = `${unsaid} of ${asked + unsaid} answers about facts`;
  return [{ ...ranOutWarning(which, ', and nobody knows what they knew'), forbids: 'verdict' }];
}

/** A first output that never came is later than all that did. */
export function fewOutputs(completions: readonly Completion[]): readonly Warning[] {
  // Those of whom not even reasoning was seen have failed, and would have been the latest, too.
  const answered = completions.filter((one) => one.failure === undefined || ranOut(one));
  const without = answered.filter(({ firstOutput, finish }) => firstOutput === undefined && isCut(finish)).length;
  const share = without / answered.length;
  if (!(share > mostLeftOut)) return [];
  const message = `${formatQuantity(share, 'ratio')} of the answers came to no output, and ttfo is that of the others`;
  return [{ code: 'no-output', message, forbids: 'verdict', remedies }];
}

const ranOutWarning = (which: string, rest = ''): Warning => ({
  code: 'ran-out',
  message: `${which} came to the end of maxTokens before they said anything${rest}: raise maxTokens`,
  remedies,
});

const hiddenReasoning: Warning = {
  code: 'hidden-reasoning',
  message: 'the server counts reasoning that it does not send: ttft holds its time, and tpot is the pace of the rest',
};
