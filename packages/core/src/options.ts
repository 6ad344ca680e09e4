import { usageError } from './errors.ts';
import { ownWordFor } from './foreign-words.ts';
import { nearest } from './wording.ts';

/** The options of `CommonOptions`, which every noun takes. */
export const commonOptionNames: readonly string[] = [
  'objectives',
  'rounds',
  'group',
  'tags',
  'expected',
  'memory',
  'renamedFrom',
  'version',
];

/**
 * Refuses options that a noun does not know: a misspelt `objective` would otherwise be a promise that nobody judges.
 *
 * @param known the noun's own options, without the common ones
 * @throws PerfError `unknown-option`, exit code 2, with the key as `excerpt`.
 */
export function refuseUnknownOptions(kind: string, name: string, options: object, known: readonly string[]): void {
  const all = [...known, ...commonOptionNames];
  const stranger = Object.keys(options).find((key) => !all.includes(key));
  if (stranger === undefined) return;
  const meant = ownWordFor(stranger, all) ?? nearest(stranger, all);
  throw usageError(`${kind}(${JSON.stringify(name)}) has no option "${stranger}"`, {
    code: 'unknown-option',
    hint: meant === undefined ? `Its options are ${all.join(', ')}.` : `Did you mean "${meant}"?`,
    excerpt: stranger,
  });
}
