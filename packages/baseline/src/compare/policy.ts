import { usageError } from '@perfkeel/core';

/** How much change matters. Shares of the base value: 0.05 is 5 %. */
export interface ChangeLimits {
  /** The smallest change that matters. */
  readonly warn: number;
  /** From here on a change for the worse fails. */
  readonly fail: number;
}

/** Other limits for some metrics of some benchmarks. What is left out is as in the policy. */
export interface LimitRule extends Partial<ChangeLimits> {
  /** Names of benchmarks; `*` stands for any text. @default all */
  readonly benchmark?: string | undefined;
  /** Ids of metrics; `*` stands for any text. @default all */
  readonly metric?: string | undefined;
}

/** What counts as a change. */
export interface ComparisonPolicy extends ChangeLimits {
  /** Of all looks at one comparison together, two-sided; 1 less it is the share of false changes in a report. */
  readonly confidence: number;
  /** The last one that fits holds. */
  readonly rules: readonly LimitRule[];
}

export const defaultPolicy: ComparisonPolicy = Object.freeze({ warn: 0.05, fail: 0.1, confidence: 0.95, rules: [] });

/** @throws PerfError `bad-policy`, exit code 2. */
export function resolvePolicy(written: Partial<ComparisonPolicy> = {}): ComparisonPolicy {
  const policy: ComparisonPolicy = {
    warn: written.warn ?? defaultPolicy.warn,
    fail: written.fail ?? Math.max(defaultPolicy.fail, written.warn ?? 0),
    confidence: written.confidence ?? defaultPolicy.confidence,
    rules: written.rules ?? defaultPolicy.rules,
  };
  refuseLimits(policy);
  for (const rule of policy.rules) refuseLimits(withRule(policy, rule));
  const { confidence } = policy;
  if (!(confidence >= 0.5 && confidence <= 0.999)) {
    throw usageError(`an interval cannot have a confidence of ${confidence}`, {
      code: 'bad-policy',
      hint: 'Write a confidence from 0.5 to 0.999, such as 0.95.',
    });
  }
  return policy;
}

function refuseLimits({ warn, fail }: ChangeLimits): void {
  if (warn >= 0 && fail >= warn && Number.isFinite(fail)) return;
  throw usageError(`a change cannot warn from ${warn} and fail from ${fail}`, {
    code: 'bad-policy',
    hint: 'Both are shares from 0 upwards, and "fail" is at least "warn": { warn: 0.05, fail: 0.1 }.',
  });
}

/** A rule that only raises `warn` raises `fail` with it. */
const withRule = (limits: ChangeLimits, { warn = limits.warn, fail }: LimitRule): ChangeLimits => ({
  warn,
  fail: fail ?? Math.max(limits.fail, warn),
});

/** The limits of one metric of one benchmark. */
export function limitsFor(policy: ComparisonPolicy, benchmark: string, metric: string): ChangeLimits {
  const fits = (pattern: string | undefined, name: string): boolean => pattern === undefined || matches(pattern, name);
  const rule = policy.rules.findLast((each) => fits(each.benchmark, benchmark) && fits(each.metric, metric));
  const { warn, fail } = policy;
  return rule ? withRule({ warn, fail }, rule) : { warn, fail };
}

/** Without regular expressions, whose backtracking a pattern of many stars would feel. */
function matches(pattern: string, name: string): boolean {
  const [first, ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first!) || !name.endsWith(last) || name.length < first!.length + last.length) return false;
  let at = first!.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
