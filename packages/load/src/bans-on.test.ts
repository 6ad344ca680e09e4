import type { Unit, Warning } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { bansOn } from './bans-on.ts';
import { failureKinds, type FailureKind } from './failure.ts';
import type { FailureCounts } from './record/tally.ts';

const failures = (...failed: FailureKind[]): { failures: FailureCounts } => ({
  failures: Object.fromEntries(
    failureKinds.map((kind) => [kind, failed.includes(kind) ? 1 : 0]),
  ) as unknown as FailureCounts,
});

const warning = (code: string, forbids?: Warning['forbids']): Warning => ({ code, message: '', forbids });

describe('what a doubt forbids to conclude', () => {
  const [starved, behind] = [warning('generator-starved', 'verdict'), warning('generator-behind', 'verdict')];
  const [waited, late] = [warning('generator-starved', 'fail'), warning('generator-late', 'fail')];

  it.each<[string, Unit, Warning, FailureKind[], Warning['forbids']]>([
    ['no processor, of times', 'ns', starved, [], 'verdict'],
    ['no processor, of a rate: more would have been done with one', '1/s', starved, [], 'fail'],
    ['no processor, of errors: none is none', 'ratio', starved, [], undefined],
    ['no processor, of errors that the target gave as answers', 'ratio', starved, ['status', 'reset'], undefined],
    ['no processor, of answers that nobody may have read', 'ratio', starved, ['status', 'timeout'], 'fail'],
    ['a processor that came late, of times', 'ns', waited, [], 'fail'],
    ['a processor that came late, of errors', 'ratio', waited, ['timeout'], undefined],
    ['lateness, of a rate', '1/s', late, [], 'fail'],
    ['lateness, of errors', 'ratio', late, [], undefined],
    ['another load, of times', 'ns', behind, [], 'verdict'],
    ['another load, of a rate', '1/s', behind, [], 'verdict'],
    ['another load, of errors', 'ratio', behind, [], 'verdict'],
    ['a remark, of times', 'ns', warning('closed-model'), [], undefined],
  ])('%s', (_, unit, doubt, failed, expected) => {
    expect(bansOn(unit, [doubt], failures(...failed)).map(({ forbids }) => forbids)).toEqual(
      expected === undefined ? [] : [expected],
    );
  });
});
