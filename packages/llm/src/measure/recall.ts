import { isCut, ranOut, type Completion } from '../client/completion.ts';
import { recalls, type Fact } from './facts.ts';

/** Facts that were asked for. A request that failed recalled nothing. */
export interface Recall {
  readonly kept: number;
  /** Without the questions of `unsaid`. */
  readonly asked: number;
  /** Questions whose answer came to the end of its tokens before it said anything, so that nobody knows. */
  readonly unsaid: number;
  /** The first whole answer without its fact, in words. */
  readonly miss?: string | undefined;
  /** By the turns that lay between. */
  readonly byTurns: readonly { readonly turns: number; readonly kept: number; readonly asked: number }[];
}

/** One question and its answer. */
export interface Question {
  readonly fact: Fact;
  readonly others: readonly Fact[];
  readonly turns: number;
  readonly answer: Completion;
}

const isKept = ({ answer, fact, others }: Question): boolean =>
  answer.failure === undefined && recalls(answer.text, fact, others);

const tally = (questions: readonly Question[]) => ({
  kept: questions.filter(isKept).length,
  asked: questions.length,
});

export function recallOf(all: readonly Question[]): Recall {
  const questions = all.filter(({ answer }) => !ranOut(answer));
  const miss = questions.find((question) => question.answer.failure === undefined && !isKept(question));
  const depths = [...new Set(questions.map(({ turns }) => turns))].sort((a, b) => a - b);
  const byTurns = depths.map((turns) => ({ turns, ...tally(questions.filter((one) => one.turns === turns)) }));
  const unsaid = all.length - questions.length;
  return { ...tally(questions), unsaid, miss: miss && missText(miss), byTurns };
}

export const afterTurns = (turns: number): string => `after ${turns} turn${turns === 1 ? '' : 's'}`;

function missText({ answer, fact, turns }: Question): string {
  const said = JSON.stringify(answer.text.slice(0, 80));
  const cut = isCut(answer.finish) ? ', cut at maxTokens' : '';
  return `${afterTurns(turns)} the code of the ${fact.name} was asked for, and the answer was ${said}${cut}`;
}
