interface Sketch {
  readonly verdict?: string;
  readonly reasons?: readonly string[];
  readonly planned?: readonly (string | { readonly id: string; readonly expected: 'fail' })[];
  /** Benchmark and verdict of every objective. */
  readonly judged?: readonly (readonly [benchmark: string, verdict: string])[];
  readonly startedAt?: string;
  readonly durationMs?: number;
}

const reason = (message: string) => ({ code: 'objective-missed', message });

/** The parts of a run.json that a summary reads, in the shape in which the command writes them. */
export function runFile(sketch: Sketch) {
  const { verdict = 'pass', planned = ['clean'], judged = [['clean', 'pass']], durationMs = 1500 } = sketch;
  const reasons = sketch.reasons ?? (verdict === 'pass' ? [] : ['p99 is 3ms, limit 2ms']);
  const judgedNames = [...new Set(judged.map(([benchmark]) => benchmark))];
  return {
    schemaVersion: 1,
    id: '20260101T000000',
    startedAt: sketch.startedAt ?? '2026-01-01T00:00:00.000Z',
    durationMs,
    interrupted: false,
    plan: {
      seed: 1,
      short: false,
      benchmarks: planned.map((plan) => (typeof plan === 'string' ? { id: plan } : plan)),
    },
    provenance: { project: 'any', tool: 'perfkeel 0.1.0' },
    judgements: judged.map(([benchmark, kind]) => ({ benchmark, verdict: { kind, reasons: [] } })),
    benchmarks: judgedNames.map((benchmark) => ({ benchmark, verdict: { kind: 'pass', reasons: [] } })),
    verdict: { kind: verdict, reasons: reasons.map(reason) },
  };
}
