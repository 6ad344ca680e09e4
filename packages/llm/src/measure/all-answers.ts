import type { Completion } from '../client/completion.ts';
import type { LlmResult } from './measure-llm.ts';

/** Every answer of every phase. */
export const allAnswers = ({ baseline, crossModel, stability }: LlmResult): readonly Completion[] => [
  ...(baseline?.asked ?? []),
  ...(crossModel?.asked ?? []),
  ...(stability === undefined ? [] : [stability.warmUp, ...stability.completions]),
];
