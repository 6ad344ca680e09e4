import type { CommonOptions, TargetSpec, Over, ParametersOf } from '@perfkeel/core';
import type { WithEvidence } from './evidence/evidence-options.ts';
import type { LoadObjective } from './load-objectives.ts';
import type {
  AnyWork,
  FunctionWork,
  LoadOptions,
  LoadPlace,
  LoadRequest,
  RequestWork,
  StepsWork,
  TemplateWork,
} from './load-options.ts';
import type { VariedPace } from './profile/pace-options.ts';
import type { CsvRow } from './work/read-csv.ts';
import type { Step } from './work/step.ts';

/** Something that depends on the parameters; asked once for each combination, when it is declared. */
type Of<P, T> = (parameters: P) => T;

type VariedWork<Row, P> =
  | RequestWork
  | (Omit<RequestWork, 'requests'> & { readonly requests: Of<P, LoadRequest | readonly LoadRequest[]> })
  | TemplateWork<Row, P>
  | StepsWork<Row>
  | (Omit<StepsWork<Row>, 'steps'> & { readonly steps: Of<P, readonly Step<Row>[]> });

type VariedPlace<P> = LoadPlace | { readonly target: Of<P, TargetSpec>; readonly url?: never };

type VariedWorkAndPlace<Row, State, P> =
  | (AnyWork<Row> & VariedWork<Row, P> & VariedPlace<P>)
  | (AnyWork<Row> & FunctionWork<Row, State, P> & (VariedPlace<P> | { readonly target?: never; readonly url?: never }));

/** Everything that `load(name, options)` takes for a family: one benchmark for each combination of its parameters. */
export type LoadFamilyOptions<O extends Over, Row = CsvRow, State = undefined> = VariedWorkAndPlace<
  Row,
  State,
  ParametersOf<O>
> &
  VariedPace<ParametersOf<O>> &
  WithEvidence &
  Omit<CommonOptions<LoadObjective>, 'objectives'> & {
    /** The values of each parameter: `{ size: [1_000, 64_000] }`. Every combination becomes a benchmark. */
    readonly over: O;
    readonly objectives?: readonly LoadObjective[] | Of<ParametersOf<O>, readonly LoadObjective[]>;
    /** Ends a round as soon as an objective can no longer be kept, whatever the rest of it brings. @default false */
    readonly stopEarly?: boolean;
  };

/** What may be a function of the parameters. `run`, `request` and `setup` are functions anyway, and are given them. */
const varied = ['target', 'requests', 'steps', 'rate', 'clients', 'objectives'] as const;

/** The options of one member of a family. */
export function memberOptions<Row, State>(options: object, parameters: object): LoadOptions<Row, State> {
  const all: Record<string, unknown> = { ...options };
  delete all['over'];
  for (const name of varied) {
    const value = all[name];
    if (typeof value === 'function') all[name] = (value as Of<object, unknown>)(parameters);
  }
  return { ...all, parameters } as unknown as LoadOptions<Row, State>;
}
