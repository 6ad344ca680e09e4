import type { CommonOptions, DurationText, TargetSpec } from '@perfkeel/core';
import type { AutocannonChoice, DriverChoice } from './drivers/driver-choice.ts';
import type { WithEvidence } from './evidence/evidence-options.ts';
import type { LoadObjective } from './load-objectives.ts';
import type { RequestOptions } from './prepared-request.ts';
import type { LoadPace } from './profile/pace-options.ts';
import type { LoadFunction } from './work/function-sender.ts';
import type { Surroundings } from './work/with-setup.ts';
import type { CsvRow } from './work/read-csv.ts';
import type { RequestTemplate } from './work/request-template.ts';
import type { DataOptions } from './work/rows.ts';
import type { Step } from './work/step.ts';

/** A request, and what results and objectives call it. */
export type LoadRequest = RequestOptions & {
  /** Requests with a name have results of their own: `'p99 of checkout.response-time < 200ms'`. */
  readonly name?: string;
};

export interface AnyWork<Row> {
  /** How long one request, call or list of steps may take, from its sending to the end of its answer. @default '10s' */
  readonly timeout?: DurationText;
  /** Whether the same work may be done twice without harm: only then is it tried again. @default false */
  readonly idempotent?: boolean;
  /** Attempts after the first one, where a connection could not be had or was lost. @default 3 for what is idempotent */
  readonly retries?: number;
  /** Rows for `request`, `steps` or `run`, one after the other. */
  readonly data?: DataOptions<Row>;
}

/** Requests that are known in advance: one, or several that are mixed by weight. */
export interface RequestWork {
  readonly requests: LoadRequest | readonly LoadRequest[];
  /** @default 'http1' */
  readonly driver?: DriverChoice;
  /** Threads that send; this one then only watches. @default 0, which sends in this thread */
  readonly workers?: number;
  readonly request?: never;
  readonly run?: never;
  readonly steps?: never;
  readonly setup?: never;
  readonly teardown?: never;
}

/** Requests that are made one by one, of rows of data for example. */
export interface TemplateWork<Row, Parameters = object> {
  readonly request: RequestTemplate<Row, Parameters>;
  readonly driver?: Exclude<DriverChoice, 'autocannon' | AutocannonChoice>;
  readonly workers?: never;
  readonly requests?: never;
  readonly run?: never;
  readonly steps?: never;
  readonly setup?: never;
  readonly teardown?: never;
}

/** Several requests that follow each other, each with what earlier ones captured: together they are one piece of work. */
export interface StepsWork<Row> {
  readonly steps: readonly Step<Row>[];
  readonly driver?: Exclude<DriverChoice, 'autocannon' | AutocannonChoice>;
  readonly workers?: never;
  readonly requests?: never;
  readonly request?: never;
  readonly run?: never;
  readonly setup?: never;
  readonly teardown?: never;
}

/** Any asynchronous function: it is done well when it returns, and failed when it throws. */
export interface FunctionWork<Row, State = undefined, Parameters = object> extends Surroundings<State, Parameters> {
  readonly run: LoadFunction<Row, NoInfer<State>, Parameters>;
  readonly requests?: never;
  readonly request?: never;
  readonly driver?: never;
  readonly workers?: never;
  readonly steps?: never;
}

/** What is sent. */
export type LoadWork<Row = CsvRow, State = undefined> = AnyWork<Row> &
  (RequestWork | TemplateWork<Row> | StepsWork<Row> | FunctionWork<Row, State>);

/** Where it is sent: something described by `target()`, or a url that already answers. */
export type LoadPlace =
  { readonly target: TargetSpec; readonly url?: never } | { readonly url: string; readonly target?: never };

/** Functions may know by themselves where to go. */
type WorkAndPlace<Row, State> =
  | (AnyWork<Row> & (RequestWork | TemplateWork<Row> | StepsWork<Row>) & LoadPlace)
  | (AnyWork<Row> & FunctionWork<Row, State> & (LoadPlace | { readonly target?: never; readonly url?: never }));

/** Everything that `load(name, options)` takes. */
export type LoadOptions<Row = CsvRow, State = undefined> = WorkAndPlace<Row, State> &
  LoadPace &
  WithEvidence &
  CommonOptions<LoadObjective> & {
    readonly over?: undefined;
    /** Ends a round as soon as an objective can no longer be kept, whatever the rest of it brings. @default false */
    readonly stopEarly?: boolean;
  };
