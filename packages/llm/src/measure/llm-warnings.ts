import { formatNumber, formatQuantity, type Warning } from '@perfkeel/core';
import { allAnswers } from './all-answers.ts';
import { answerTimes, succeeded, type AnswerTimes } from './answer-times.ts';
import type { LlmResult } from './measure-llm.ts';
import type { StabilityResult } from './stability-phase.ts';

/** From so many tokens an arrival on, a gap between arrivals is no time per token. */
const manyAtOnce = 1.5;
/** A process that is busy for longer reads what has arrived noticeably later. */
const mostBusy = 0.8;

/** What should be known beside the numbers of a round. */
export function llmWarnings(result: LlmResult): readonly Warning[] {
  const times = answerTimes(allAnswers(result), result.plan.tokenizer);
  return [
    ...sourceWarnings(times),
    ...streamWarnings(times),
    ...failureWarnings(result),
    ...recallWarnings(result),
    ...(memoryUnknown(result) ? [unknownMemory] : []),
  ];
}

/** Numbers under load that this process may have spoilt break no promise. */
export function busyClient({ busy, completions }: StabilityResult): readonly Warning[] {
  if (busy <= mostBusy || succeeded(completions).length === 0) return [];
  const message = `the measuring process itself was busy for ${formatQuantity(busy, 'ratio')} of the time of many requests`;
  return [{ code: 'busy-client', message, forbids: 'fail' }];
}

function sourceWarnings({ sources }: AnswerTimes): readonly Warning[] {
  const others = sources.filter((source) => source !== 'usage');
  return others.map((source) =>
    source === 'events'
      ? {
          code: 'tokens-are-events',
          message: 'the server sends no usage, so events with text were counted as tokens: give a tokenizer',
        }
      : { code: 'tokens-counted-here', message: `the server sends no usage: tokens are those of ${source}` },
  );
}

function streamWarnings({ tokens, arrivals, unstreamed }: AnswerTimes): readonly Warning[] {
  const each = tokens / arrivals;
  return [
    ...(each > manyAtOnce
      ? [
          {
            code: 'coalesced',
            message: `${formatNumber(each)} tokens arrived at a time: tpot is their mean pace, icl the gap between arrivals`,
          },
        ]
      : []),
    ...(unstreamed > 0
      ? [{ code: 'one-piece', message: `${unstreamed} answers of several tokens came in one piece, and have no tpot` }]
      : []),
  ];
}

function failureWarnings(result: LlmResult): readonly Warning[] {
  const failed = allAnswers(result).find(({ failure }) => failure !== undefined);
  if (failed === undefined) return [];
  const { code, message } = failed.failure!;
  return [{ code: 'some-failed', message: `model ${failed.model}: ${code}: ${message}` }];
}

const recallWarnings = ({ baseline, crossModel }: LlmResult): readonly Warning[] =>
  [baseline?.context.miss, crossModel?.context.miss].flatMap((miss) =>
    miss === undefined ? [] : [{ code: 'fact-lost', message: miss }],
  );

const memoryUnknown = ({ baseline, crossModel }: LlmResult): boolean =>
  (baseline !== undefined && baseline.rss === undefined) || crossModel?.memory.length === 0;

const unknownMemory: Warning = {
  code: 'memory-unknown',
  message: 'the memory of the server is not known: let perfkeel start it as a target on Linux, or give memoryOf',
};
