import { usageError, type PerfError } from './errors.ts';
import { describeValue } from './wording.ts';

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return describeValue(value);
  try {
    return JSON.stringify(value);
  } catch {
    // It holds itself, or a bigint.
    return describeValue(value);
  }
}

/** A usage error about one option: `excerpt` is the option's name, so that the user's own line is shown. */
export function badOption(option: string, got: unknown, expected: string, hint: string): PerfError {
  return usageError(`\`${option}\` is ${shown(got)}; expected ${expected}`, {
    code: 'bad-option',
    hint,
    excerpt: option,
  });
}

/** @throws PerfError `bad-option`, exit code 2, unless `value` is an object with the options of a noun. */
export function optionsObject(noun: string, value: unknown, example = '…'): void {
  if (typeof value === 'object' && value !== null) return;
  throw badOption('options', value, `the options of ${noun}`, `Write ${noun}('a name', { ${example} }).`);
}
