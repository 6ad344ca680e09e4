import { badOption, membersOf, type Over, type Variant } from '@perfkeel/core';
import { wholeNumber } from '../options.ts';

/** How many calls are under way; a list makes one declaration for each. */
export type Width = number | readonly number[];

/** One of the declarations that `latency` makes. */
export interface LatencyMember {
  readonly name: string;
  readonly variant?: Variant;
  readonly concurrency: number | undefined;
  /** Those of `over`: what calls are given. */
  readonly parameters: object;
}

interface FamilyOptions {
  readonly over?: Over | undefined;
  readonly concurrency?: Width | undefined;
}

/**
 * A declaration for each combination of the parameters in `over` and of the listed concurrencies, or a single one when
 * neither is listed.
 *
 * @throws PerfError `bad-option`, exit code 2.
 */
export function latencyMembers(name: string, { over, concurrency }: FamilyOptions): readonly LatencyMember[] {
  if (over !== undefined) checkOver(name, over);
  if (typeof concurrency === 'number' || concurrency === undefined) {
    if (over === undefined) return [{ name, concurrency, parameters: {} }];
    return membersOf(name, over).map((member) => ({ ...member, concurrency, parameters: member.variant.parameters }));
  }
  return membersOf(name, { ...over, concurrency: widths(concurrency) }).map((member) => {
    const { concurrency: width, ...parameters } = member.variant.parameters;
    return { ...member, concurrency: width as number, parameters };
  });
}

function checkOver(name: string, over: Over): void {
  membersOf(name, over);
  if (over['concurrency'] === undefined) return;
  const hint = 'Write concurrency: [1, 10, 100] beside it.';
  throw badOption('over', over, 'no parameter of the name concurrency, which is an option', hint);
}

function widths(concurrency: readonly number[]): readonly number[] {
  const hint = 'Write concurrency: [1, 10, 100].';
  if (!(concurrency instanceof Array) || concurrency.length === 0) {
    throw badOption('concurrency', concurrency, 'a whole number, or a list of some', hint);
  }
  for (const width of concurrency) wholeNumber('concurrency', width, 1);
  if (new Set(concurrency).size === concurrency.length) return concurrency;
  throw badOption('concurrency', concurrency, 'each number once', hint);
}
