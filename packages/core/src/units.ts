/**
 * Base units, as branded numbers, so that a mix-up of milliseconds and rates is a compile error.
 * Inside the product a duration is always in nanoseconds, a size in bytes, a rate per second.
 */
declare const unitBrand: unique symbol;
type Branded<Name extends string> = number & { readonly [unitBrand]: Name };

export type Nanos = Branded<'ns'>;
export type Bytes = Branded<'B'>;
export type PerSecond = Branded<'1/s'>;

/** The units that a metric can have. `ratio` is a share in [0, 1] and is printed in per cent. */
export const units = ['ns', 'B', '1/s', 'ratio', 'count', 'B/op', 'B/s'] as const;
export type Unit = (typeof units)[number];

export const nanos = (value: number): Nanos => value as Nanos;
export const bytes = (value: number): Bytes => value as Bytes;
export const perSecond = (value: number): PerSecond => value as PerSecond;

export const nanosFromMs = (ms: number): Nanos => (ms * 1e6) as Nanos;
export const msFromNanos = (ns: number): number => ns / 1e6;

/** The interval between arrivals at a rate: the one place where a rate becomes a time. */
export const intervalOf = (rate: PerSecond): Nanos => (1e9 / rate) as Nanos;
