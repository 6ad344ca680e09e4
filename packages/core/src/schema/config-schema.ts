import { z } from 'zod';
import { readQuantity } from '../quantity.ts';
import type { PerfConfig } from '../config.ts';

const nonEmpty = z.string().min(1, { error: 'must not be empty' });
const globs = z.array(nonEmpty);

// Written as patterns, so that the JSON Schema says them too; the cast gives back what the pattern proves.
const percent = z.string().regex(/^\d+(\.\d+)?%$/, {
  error: ({ input }) => `${JSON.stringify(input)} is not a percentage such as "5%"`,
}) as unknown as z.ZodType<`${number}%`, `${number}%`>;

const timeout = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, {
    error: ({ input }) => `${JSON.stringify(input)} is not a duration such as "5m"`,
    abort: true,
  })
  .refine((text) => (readQuantity(text)?.value ?? 0) > 0, {
    error: 'must be longer than 0',
  }) as unknown as z.ZodType<NonNullable<PerfConfig['roundTimeout']>, NonNullable<PerfConfig['roundTimeout']>>;

/** A limit that warns beyond the one that fails would never warn. */
const inOrder = ({ warn, fail }: { warn?: string; fail?: string }): boolean =>
  warn === undefined || fail === undefined || Number.parseFloat(warn) <= Number.parseFloat(fail);
const outOfOrder = { path: ['warn'], error: 'must not be larger than fail' };

const levels = { warn: percent.exactOptional(), fail: percent.exactOptional() };

/** Without a name it would be for everything, which `warn` and `fail` beside the rules are. */
const isForSome = ({ benchmark, metric }: { benchmark?: string; metric?: string }): boolean =>
  benchmark !== undefined || metric !== undefined;
const isLimit = ({ warn, fail }: { warn?: string; fail?: string }): boolean => warn !== undefined || fail !== undefined;

const rule = z
  .strictObject({ benchmark: nonEmpty.exactOptional(), metric: nonEmpty.exactOptional(), ...levels })
  .refine(inOrder, outOfOrder)
  .refine(isForSome, { error: 'names neither a benchmark nor a metric' })
  .refine(isLimit, { error: 'says neither warn nor fail' });

/** `perf.config.ts`, strictly: an unknown key is a mistake that would otherwise be silent. */
export const configSchema = z.strictObject({
  name: nonEmpty.exactOptional(),
  include: globs.exactOptional(),
  exclude: globs.exactOptional(),
  store: nonEmpty.exactOptional(),
  conditions: globs.exactOptional(),
  tolerance: z.strictObject(levels).refine(inOrder, outOfOrder).exactOptional(),
  compare: z
    .strictObject({ against: nonEmpty.exactOptional(), ...levels, rules: z.array(rule).exactOptional() })
    .refine(inOrder, outOfOrder)
    .exactOptional(),
  roundTimeout: timeout.exactOptional(),
});
