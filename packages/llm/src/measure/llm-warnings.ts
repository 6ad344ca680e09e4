import { formatNumber, formatQuantity, type Warning } from '@perfkeel/core';
import { allAnswers } from './all-answers.ts';
import { answerTimes, succeeded, type AnswerTimes } from './answer-times.ts';
import type { Completion } from '../client/completion.ts';
import type { LlmResult } from './measure-llm.ts';
import { reasoningWarnings } from './ran-out-warnings.ts';
import type { StabilityResult } from './stability-phase.ts';

/** From so many tokens an arrival on, a gap between arrivals is no time per token. */
const manyAtOnce = 1.5;
/** A process that is busy for longer reads what has arrived noticeably later. */
const mostBusy = 0.8;

/** What should be known beside the numbers of a round. */
export function llmWarnings(result: LlmResult): readonly Warning[] {
  const all = allAnswers(result);
  const times = answerTimes(all, result.plan.tokenizer);
  return [
    ...sourceWarnings(times),
    ...streamWarnings(times),
    ...loadingWarnings(result, all),
    ...failureWarnings(all),
    ...recallWarnings(result),
    ...reasoningWarnings(all, result.plan.maxTokens),
    ...choiceWarnings(all),
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

function streamWarnings({ sent, arrivals, unstreamed }: AnswerTimes): readonly Warning[] {
  const each = sent / arrivals;
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

function loadingWarnings({ waited = 0 }: LlmResult, all: readonly Completion[]): readonly Warning[] {
  const refused = all.filter(({ refusals = 0 }) => refusals > 0);
  const before = `the server took no request for ${formatQuantity(waited, 'ns')} at first; no time holds that`;
  const switched = `${refused.length} switches began with a 503 that asked for patience: the wait is part of their time`;
  return [
    ...(waited > 0 ? [{ code: 'waited-for-server', message: before }] : []),
    ...(refused.length > 0 ? [{ code: 'waited-in-switch', message: switched }] : []),
  ];
}

/** What usually helps, by the code of a failure. */
const remedyOf: Readonly<Record<string, string>> = {
  'http-401': 'Give the key: headers: { authorization: `Bearer ${process.env.API_KEY}` }.',
  'http-404': 'Look whether the url ends where the API begins, usually in /v1, and whether the server has this model.',
  'http-429': 'The server limits how often it is asked: lower inFlight, or lift the limit for the measurement.',
  'http-503':
    'Servers answer so when too much waits, or while they load a model: lower inFlight, or raise startTimeout.',
};

/** Kinds of failures that are shown, the most frequent first. */
const mostKinds = 3;

function failureWarnings(all: readonly Completion[]): readonly Warning[] {
  const kinds = new Map<string, Completion[]>();
  for (const one of all) {
    if (one.failure === undefined) continue;
    const alike = kinds.get(one.failure.code) ?? [];
    kinds.set(one.failure.code, alike);
    alike.push(one);
  }
  if (kinds.size === 0) return [];
  const shown = [...kinds.values()].sort((a, b) => b.length - a.length).slice(0, mostKinds);
  const remedies = shown.flatMap(([first]) => remedyOf[first!.failure!.code] ?? []);
  const message = shown.map(failureText).join('; ');
  return [{ code: 'some-failed', message, ...(remedies.length > 0 && { remedies }) }];
}

function failureText(alike: readonly Completion[]): string {
  const { model, failure } = alike[0]!;
  return `model ${model}: ${failure!.code}: ${failure!.message}${alike.length > 1 ? ` (${alike.length} times)` : ''}`;
}

function choiceWarnings(all: readonly Completion[]): readonly Warning[] {
  const most = Math.max(0, ...all.map(({ choices = 0 }) => choices));
  if (most === 0) return [];
  const message = `an answer has up to ${most} choices: times and tokens are of all together, the text is of the first`;
  return [{ code: 'several-choices', message }];
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
