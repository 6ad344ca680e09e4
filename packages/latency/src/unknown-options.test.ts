import { expect, it } from 'vitest';
import { bench, latency, startup } from '@perfkeel/latency';

// Plain JavaScript, or types that nobody checked: a promise that is never judged must not look kept.
it.each([
  ['bench', () => bench('a', { run: () => 1, objective: ['median < 1ns'] } as never)],
  ['latency', () => latency('a', { run: () => 1, objective: ['p99 < 1ns'] } as never)],
  ['startup', () => startup('a', { command: ['node'], objective: ['median < 1ns'] } as never)],
])('%s refuses a misspelt option', (kind, declare) => {
  expect(declare).toThrow(
    expect.objectContaining({
      code: 'unknown-option',
      exitCode: 2,
      message: `${kind}("a") has no option "objective"`,
      hint: 'Did you mean "objectives"?',
    }) as Error,
  );
});
