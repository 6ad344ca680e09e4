import { createRng, deriveSeed } from '@perfkeel/core';

/** Nothing reads it. */
export const paddingVariable = 'PERFKEEL_PADDING';

/** A page: the alignment of what lies behind the environment repeats from there on. */
const longest = 4096;

/**
 * A variable of another length for each start. The environment lies above the stack, so its size shifts every stack
 * address, and a program can be faster or slower by some per cent for that alone (Mytkowicz, Diwan, Hauswirth and Sweeney,
 * "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009). Over many lengths this becomes
 * noise, which intervals show, instead of a difference, which they would not.
 *
 * @param start counts the starts of a round, from 0
 */
export function environmentPadding(seed: number, start: number): Record<string, string> {
  const length = Math.floor(createRng(deriveSeed(seed, start))() * longest);
  return { [paddingVariable]: 'x'.repeat(length) };
}
