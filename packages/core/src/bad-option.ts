import { usageError, type PerfError } from './errors.ts';
import { describeValue } from './wording.ts';

/** A usage error about one option: `excerpt` is the option's name, so that the user's own line is shown. */
export function badOption(option: string, got: unknown, expected: string, hint: string): PerfError {
  const described = Array.isArray(got) && got.length === 0 ? 'an empty array' : describeValue(got);
  return usageError(`\`${option}\` is ${described}; expected ${expected}`, {
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
