import { expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { PerfConfig } from '../config.ts';
import type { ComparisonReport, Run } from '../run.ts';
import type { comparisonSchema, configSchema, runSchema } from '../schema.ts';

/** Without `readonly`, which zod does not say and which changes nothing about what a file may hold. */
type Writable<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T;

it('the type of a run and its schema say the same', () => {
  expectTypeOf<z.output<typeof runSchema>>().toEqualTypeOf<Writable<Run>>();
});

it('the type of a configuration and its schema say the same', () => {
  expectTypeOf<z.output<typeof configSchema>>().toEqualTypeOf<Writable<PerfConfig>>();
  expectTypeOf<z.input<typeof configSchema>>().toEqualTypeOf<Writable<PerfConfig>>();
});

it('the type of a comparison and its schema say the same', () => {
  expectTypeOf<z.output<typeof comparisonSchema>>().toEqualTypeOf<Writable<ComparisonReport>>();
});
