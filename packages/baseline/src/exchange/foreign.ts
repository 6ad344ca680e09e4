import type { Environment, MeasurementData, Metric, Warning } from '@perfkeel/core';

/** One metric of a foreign benchmark: what each round says of it. A file of one process is one round. */
export interface ForeignValue {
  readonly metric: Metric;
  readonly rounds: readonly MeasurementData[];
}

export interface ForeignBenchmark {
  readonly name: string;
  readonly group?: string | undefined;
  /** The first one is the primary. */
  readonly values: readonly ForeignValue[];
  /** The other tool could not measure it. */
  readonly failure?: string | undefined;
  readonly warnings?: readonly Warning[];
}

/** What another tool wrote about one of its runs, in our words and units. */
export interface ForeignRun {
  /** Its format name and, where the file has it, its version. */
  readonly tool: string;
  /** Milliseconds since 1970; `undefined` when the file does not say. */
  readonly at?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly project?: string | undefined;
  readonly sha?: string | undefined;
  readonly branch?: string | undefined;
  readonly dirty?: boolean | undefined;
  /** What the file says about the machine; nothing, when it says nothing. */
  readonly machine?: Partial<Pick<Environment, 'cpu' | 'cores' | 'os' | 'arch' | 'node' | 'host'>>;
  readonly benchmarks: readonly ForeignBenchmark[];
  readonly warnings?: readonly Warning[];
}

/** What whoever imports knows and the file does not say. */
export interface ImportOptions {
  /** The name of the file: for messages, and for benchmarks that have no name of their own. */
  readonly file: string;
  /** When it was measured, in milliseconds since 1970, where the file does not say; usually the age of the file. */
  readonly at: number;
  /** @default what the file says, else `imported` */
  readonly project?: string | undefined;
  /** The machine on which it was measured: runs of one name may be compared. */
  readonly machine?: string | undefined;
  /** Names what a load generator measured, which does not know it. */
  readonly name?: string | undefined;
  readonly sha?: string | undefined;
  readonly branch?: string | undefined;
}

/** The reader of one format: pure. `sniff` looks at the shape only, and never throws. */
export interface Importer<Input> {
  readonly name: string;
  sniff(input: Input): boolean;
  read(input: Input, options: ImportOptions): readonly ForeignRun[];
}
