import { verdictKinds, type Measured, type NoResult, type ObjectiveCounts, type VerdictKind } from './result.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads the text of a run.json. Anything else than a run gives `unreadable`, with what is wrong; nothing throws. */
export function parseRun(text: string): Measured | NoResult {
  try {
    return measuredOf(fields(JSON.parse(text), 'the file'));
  } catch (error) {
    return { kind: 'unreadable', why: `run.json: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function measuredOf(run: Fields): Measured {
  const verdict = fields(run['verdict'], 'verdict');
  const plan = fields(run['plan'], 'plan');
  const planned = list(plan['benchmarks'], 'plan.benchmarks');
  return {
    kind: 'measured',
    verdict: verdictKind(verdict['kind']),
    reasons: reasonsOf(verdict['reasons']),
    benchmarks: { judged: list(run['benchmarks'], 'benchmarks').length, planned: planned.length },
    objectives: countObjectives(list(run['judgements'], 'judgements'), planned),
    durationMs: duration(run['durationMs']),
    interrupted: run['interrupted'] === true,
    short: plan['short'] === true,
  };
}

function countObjectives(judgements: readonly Fields[], planned: readonly Fields[]): ObjectiveCounts {
  const demonstrations = new Set(planned.filter((plan) => plan['expected'] === 'fail').map((plan) => plan['id']));
  const counts = { kept: 0, missed: 0, expected: 0, undecided: 0 };
  for (const judgement of judgements) {
    const kind = verdictKind(fields(judgement['verdict'], 'judgement.verdict')['kind']);
    if (kind === 'pass' || kind === 'warn') counts.kept += 1;
    else if (kind !== 'fail') counts.undecided += 1;
    else if (demonstrations.has(judgement['benchmark'])) counts.expected += 1;
    else counts.missed += 1;
  }
  return counts;
}

function reasonsOf(value: unknown): string[] {
  const messages = list(value ?? [], 'verdict.reasons').map((reason) => reason['message']);
  return messages.filter((message) => typeof message === 'string');
}

function verdictKind(value: unknown): VerdictKind {
  const kind = verdictKinds.find((known) => known === value);
  return kind ?? fail('a verdict', verdictKinds.join(', '), value);
}

function duration(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : fail('durationMs', 'milliseconds', value);
}

function fields(value: unknown, what: string): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : fail(what, 'an object', value);
}

function list(value: unknown, what: string): Fields[] {
  return Array.isArray(value) ? value.map((item) => fields(item, `an entry of ${what}`)) : fail(what, 'a list', value);
}

function fail(what: string, expected: string, value: unknown): never {
  const got = value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 40);
  throw new Error(`${what} is ${got}, expected ${expected}`);
}
