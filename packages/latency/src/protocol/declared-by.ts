import { PerfError, declarations, usageError, type Declaration, type SourceLocation } from '@perfkeel/core';

/**
 * What nouns declare while `make` runs, taken out of the collector again: a member of a protocol is declared under
 * another name than its noun knows.
 *
 * @throws PerfError `nothing-declared`, exit code 2; and whatever `make` throws. Nothing is left declared then.
 */
export function declaredBy(make: () => unknown): readonly Declaration[] {
  // The collector hands out its own list, and everything else only adds to its end.
  const collected = declarations() as Declaration[];
  const before = collected.length;
  let returned: unknown;
  let made: readonly Declaration[] = [];
  try {
    returned = make();
  } finally {
    made = collected.splice(before);
  }
  if (made.length > 0 && !(returned instanceof Promise)) return made;
  throw usageError('a member declares nothing, or too late', {
    code: 'nothing-declared',
    hint: 'Call a noun, and wait for nothing before: .member(name, ({ name, create }) => leak(name, { … })).',
    excerpt: 'member',
  });
}

/**
 * Puts the user's place on errors of a noun that was called here for them.
 *
 * @param inWords turns what the noun was told back into what the user wrote
 */
export function placed<T>(
  location: SourceLocation | undefined,
  make: () => T,
  inWords: (text: string) => string = (text) => text,
): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PerfError)) throw error;
    const { message, code, hint, exitCode, excerpt } = error;
    throw new PerfError(inWords(message), {
      code,
      hint: hint && inWords(hint),
      exitCode,
      excerpt: excerpt && inWords(excerpt),
      location: location ?? error.location,
      cause: error,
    });
  }
}
