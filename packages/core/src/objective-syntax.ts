import type { DurationText, PercentText, RateText, SizeText } from './quantity.ts';

/** How a measured value is held against its limit. */
export type Comparator = '<' | '<=' | '>' | '>=' | '=';

/** A statistic of the benchmark's own time distribution. */
export type TimeStatistic = 'min' | 'median' | 'mean' | 'max' | `p${number}`;

/**
 * A promise in one typed sentence, checked by the compiler: `'p99 < 200ms'`, `'throughput >= 100/s'`,
 * `'errors < 0.1%'`, `'growth < 64B/op'`. `Custom` names the metrics that a declaration adds by itself.
 */
export type Objective<Custom extends string = never> =
  | `${TimeStatistic} ${Comparator} ${DurationText}`
  | `throughput ${'>' | '>='} ${RateText}`
  | `errors ${Comparator} ${PercentText}`
  | 'errors = 0'
  | `growth ${'<' | '<='} ${SizeText}/${'op' | 's' | 'm' | 'h'}`
  | `${'heap' | 'rss'} ${'<' | '<='} ${SizeText}`
  | `${TimeStatistic} of ${Custom} ${Comparator} ${DurationText}`
  | `${Custom} ${Comparator} ${number | PercentText | DurationText | SizeText | RateText}`;
