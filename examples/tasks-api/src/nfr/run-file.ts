/** The part of the `run.json` of perfkeel that the report is made of. */
export interface RunFile {
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly interrupted: boolean;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly plan: { readonly benchmarks: readonly PlannedBenchmark[] };
  readonly judgements: readonly Judgement[];
  readonly benchmarks: readonly { readonly benchmark: string; readonly verdict: Verdict }[];
  readonly measurements: readonly {
    readonly benchmark: string;
    readonly warnings: readonly { readonly message: string; readonly remedies?: readonly string[] | undefined }[];
  }[];
}

export interface PlannedBenchmark {
  readonly id: string;
  readonly tags: readonly string[];
  readonly expected?: 'fail' | undefined;
}

export interface Verdict {
  readonly kind: 'pass' | 'warn' | 'fail' | 'inconclusive' | 'could-not-measure';
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly needs?: string | undefined;
}

/** One promise, judged. Times are in nanoseconds, shares from 0 to 1, rates per second. */
export interface Judgement {
  readonly benchmark: string;
  readonly objective: string;
  readonly metric: string;
  readonly unit: string;
  readonly comparator: '<' | '<=' | '>' | '>=' | '=';
  readonly limit: number;
  /** JSON writes infinite bounds as text. */
  readonly estimate?:
    { readonly value: number; readonly lo: number | string; readonly hi: number | string } | undefined;
  readonly verdict: Verdict;
}
