import { badOption, type Variant } from '@perfkeel/core';
import { subjectOptions, texts, type StartupSubject } from './plan-startup.ts';

/** What differs in each variant of a start; the rest is that of all. Environments are joined. */
export type StartupVariants = Readonly<Record<string, Partial<StartupSubject>>>;

/** One variant, before it is declared. */
export interface StartupMember {
  /** `cli [variant=cached]` */
  readonly name: string;
  readonly subject: StartupSubject;
  readonly variant: Variant;
}

/** @throws PerfError `bad-option`, exit code 2. */
export function variantsOf(
  family: string,
  shared: Partial<StartupSubject>,
  variants: StartupVariants,
): readonly StartupMember[] {
  const example = "Write variants: { plain: {}, cached: { env: { NODE_COMPILE_CACHE: '.cache' } } }.";
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants)) {
    throw badOption('variants', variants, 'an object of options', example);
  }
  const entries = Object.entries(variants);
  if (entries.length === 0) throw badOption('variants', variants, 'at least one variant', example);
  return entries.map(([name, own]) => {
    checkVariant(name, own);
    const env = { ...texts(shared.env), ...texts(own.env) };
    return {
      name: `${family} [variant=${name}]`,
      // Whether a command came out is seen by the plan.
      subject: { ...shared, ...own, env } as StartupSubject,
      variant: { family, parameters: { variant: name }, role: 'alternative' },
    };
  });
}

function checkVariant(name: string, own: unknown): void {
  if (typeof own !== 'object' || own === null) {
    throw badOption(name, own, 'the options of a variant', `Write ${name}: { env: { … } }.`);
  }
  const stranger = Object.keys(own).find((key) => !subjectOptions.includes(key));
  if (stranger !== undefined) {
    throw badOption(
      stranger,
      own[stranger as never],
      `one of ${subjectOptions.join(', ')}`,
      'Put it beside `variants`.',
    );
  }
}
