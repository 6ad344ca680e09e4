import { createHistogram, type HistogramData, type Tokenizer } from '@perfkeel/core';
import type { Completion } from '../client/completion.ts';

/** Answers that arrived whole. */
export const succeeded = (completions: readonly Completion[]): readonly Completion[] =>
  completions.filter(({ failure }) => failure === undefined);

/** Time to first token: the first text of any kind minus the beginning of the request. */
export const ttftOf = ({ arrivals }: Completion): number | undefined => arrivals[0];

/** Who counted the tokens of an answer: the server, a tokenizer by its id, or nobody, so that events stand for tokens. */
export type TokenSource = 'usage' | 'events' | (string & {});

export interface TokenCount {
  /** All that the server made. */
  readonly tokens: number;
  /** Those that it sent: of some servers nobody sees the reasoning. */
  readonly sent: number;
  readonly from: TokenSource;
}

/** Tokens of an answer, reasoning included. */
export function countTokens(completion: Completion, tokenizer: Tokenizer | undefined): TokenCount {
  const { usage, text, reasoning, events } = completion;
  if (usage !== undefined && usage > 0) return { tokens: usage, sent: usage - hiddenTokens(completion), from: 'usage' };
  const tokens = tokenizer === undefined ? events : tokenizer.count(reasoning + text);
  return { tokens, sent: tokens, from: tokenizer === undefined ? 'events' : tokenizer.id };
}

/** Tokens of reasoning that the server counted and did not send. */
export function hiddenTokens({ usage = 0, reasoningUsage = 0, reasoning }: Completion): number {
  return reasoning === '' && reasoningUsage > 0 && reasoningUsage < usage ? reasoningUsage : 0;
}

/**
 * Time per output token: last text minus first text, over all tokens sent but the first. Absent for a single token, and for
 * an answer in one piece, of which nobody knows how fast it was made.
 */
export function tpotOf({ arrivals }: Completion, sent: number): number | undefined {
  if (sent < 2 || arrivals.length < 2) return undefined;
  return (arrivals.at(-1)! - arrivals[0]!) / (sent - 1);
}

/** The gaps between arrivals of text. */
export const gapsOf = ({ arrivals }: Completion): readonly number[] =>
  arrivals.slice(1).map((at, n) => at - arrivals[n]!);

/** Times of answers that succeeded, in nanoseconds, and what they consist of. */
export interface AnswerTimes {
  readonly firstByte: HistogramData;
  readonly ttft: HistogramData;
  readonly ttfo: HistogramData;
  readonly tpot: HistogramData;
  readonly icl: HistogramData;
  readonly e2e: HistogramData;
  readonly tokens: number;
  /** Those of them that the server sent. */
  readonly sent: number;
  readonly arrivals: number;
  /** Answers of several tokens that came in one piece. */
  readonly unstreamed: number;
  readonly sources: readonly TokenSource[];
}

export function answerTimes(completions: readonly Completion[], tokenizer: Tokenizer | undefined): AnswerTimes {
  const whole = succeeded(completions);
  const counts = whole.map((one) => countTokens(one, tokenizer));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const arrivals = whole.map((one) => one.arrivals.length);
  return {
    firstByte: histogramOf(whole.map(({ firstByte }) => firstByte)),
    ttft: histogramOf(whole.map(ttftOf)),
    ttfo: histogramOf(whole.map(({ firstOutput }) => firstOutput)),
    tpot: histogramOf(whole.map((one, n) => tpotOf(one, counts[n]!.sent))),
    icl: histogramOf(whole.flatMap(gapsOf)),
    e2e: histogramOf(whole.map(({ end }) => end)),
    tokens: sum(counts.map(({ tokens }) => tokens)),
    sent: sum(counts.map(({ sent }) => sent)),
    arrivals: sum(arrivals),
    unstreamed: counts.filter(({ sent }, n) => sent > 1 && arrivals[n] === 1).length,
    sources: [...new Set(counts.map(({ from }) => from))],
  };
}

function histogramOf(values: readonly (number | undefined)[]): HistogramData {
  const histogram = createHistogram();
  for (const value of values) if (value !== undefined) histogram.record(value);
  return histogram.toData();
}
