import type { DurationText, PercentText, RateText, TimeStatistic } from '@perfkeel/core';
import type { WithEvidence } from '../evidence/evidence-options.ts';
import type { AnyWork, FunctionWork, LoadPlace, LoadWork } from '../load-options.ts';
import type { ArrivalProcess } from '../profile/arrival-process.ts';
import type { CsvRow } from '../work/read-csv.ts';

/** What a load must keep to count as one that the target can take. */
export type CapacityCondition =
  | `${TimeStatistic} ${'<' | '<='} ${DurationText}`
  | `${TimeStatistic} of service-time ${'<' | '<='} ${DurationText}`
  | `errors ${'<' | '<='} ${PercentText}`
  | 'errors = 0';

/** What is sent, and where; a function may know by itself where to go. */
export type CapacityWork<Row = CsvRow, State = undefined> =
  | (LoadWork<Row, State> & LoadPlace)
  | (AnyWork<Row> & FunctionWork<Row, State> & { readonly target?: never; readonly url?: never });

/** How the highest rate is searched for. */
export interface CapacitySearchOptions extends WithEvidence {
  /** The lowest rate, which should hold, and the highest one of interest; also in one text, `'50/s..2000/s'`. */
  readonly between: readonly [low: RateText, high: RateText] | `${RateText}..${RateText}`;
  /**
   * What has to hold at a rate, in one trial as it was observed. A rate must also be kept up with: 98 % of the requests
   * end as fast as they come. @default only that, and 'errors < 1%', which is added where nothing is said of errors
   */
  readonly while?: readonly CapacityCondition[];
  /** How far apart the bounds may be at the end. @default '5%' */
  readonly width?: PercentText;
  /** How long a trial that counts lasts; each rate needs two or three. @default '10s' */
  readonly for?: DurationText;
  /** How long a trial lasts that only looks for the neighbourhood. @default a fifth of `for` */
  readonly scout?: DurationText;
  /** Peace between trials, after the last answer has come. @default '500ms' */
  readonly settle?: DurationText;
  /** No trial begins that would end later; what is known then is the result. @default '150s' */
  readonly within?: DurationText;
  /** @default 'uniform' */
  readonly arrivals?: ArrivalProcess;
  /** Shares of the capacity at which the response time is measured afterwards, each for the time of a trial. */
  readonly at?: readonly PercentText[];
}
