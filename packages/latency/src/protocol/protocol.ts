import { callSite, describeValue, locating, usageError, optionsObject } from '@perfkeel/core';
import { wholeNumber } from '../options.ts';
import { ProtocolBuilder } from './protocol-builder.ts';
import type { Protocol } from './protocol-type.ts';

/** What the members of a protocol have in common. */
export interface ProtocolOptions {
  /** The seed of fixtures and properties. Another seed makes other data, whose numbers are not compared. @default 1 */
  readonly seed?: number;
  /** Rounds of the timed members that do not say how many themselves. @default what their nouns do */
  readonly rounds?: number;
  readonly tags?: readonly string[];
}

const optionNames = ['seed', 'rounds', 'tags'];

/**
 * Begins one contract for many implementations: what each must do right, how well it does it, and how fast.
 *
 * Declares nothing by itself: `implementedBy` does, one benchmark for each member of each implementation. Every benchmark
 * makes the fixture and the implementation's object in its own processes, outside the clock, and carries the identity of
 * the fixture. Behind every measurement the properties are tried: times of an implementation that breaks one are not
 * ranked and keep no promise.
 *
 * @typeParam T what every implementation is
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * protocol<VectorStore>('VectorStore')
 *   .fixture(({ rng }) => randomVectors(1000, rng))
 *   .property('a stored vector is found again', ({ subject, fixture }) => findsItself(subject, fixture))
 *   .bench('search', { setup: ({ subject, fixture }) => filled(subject, fixture), run: (store) => store.search() })
 *   .implementedBy({ brute: () => new BruteForce(), orama: () => openOrama() });
 */
export function protocol<T>(name: string, options: ProtocolOptions = {}): Protocol<T, undefined> {
  const location = callSite(protocol);
  return locating(location, () => {
    checkProtocol(name, options);
    const { seed = 1, rounds, tags = [] } = options;
    return new ProtocolBuilder<T, undefined>({ name, seed, rounds, tags, location });
  });
}

function checkProtocol(name: string, options: ProtocolOptions): void {
  if (typeof name !== 'string' || name.trim() === '') {
    throw wrong(
      `a protocol needs a name, and this is ${describeValue(name)}`,
      "Write protocol('VectorStore').",
      'protocol',
    );
  }
  optionsObject('protocol', options);
  const stranger = Object.keys(options).find((key) => !optionNames.includes(key));
  if (stranger !== undefined) {
    const hint =
      stranger === 'fixture' ? 'Write .fixture(({ rng }) => …) behind it.' : `It has ${optionNames.join(', ')}.`;
    throw wrong(`protocol(${JSON.stringify(name)}) has no option "${stranger}"`, hint, stranger);
  }
  const { seed, rounds, tags } = options;
  if (seed !== undefined) wholeNumber('seed', seed, 0);
  if (rounds !== undefined) wholeNumber('rounds', rounds, 1);
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) {
    throw wrong('the tags of a protocol are a list of words', "Write tags: ['nightly'].", 'tags');
  }
}

const wrong = (message: string, hint: string, excerpt: string): Error =>
  usageError(message, { code: 'bad-protocol', hint, excerpt });
