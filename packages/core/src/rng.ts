/** A seeded source of uniform numbers in [0, 1). Randomness is always an argument, so that every plan can be repeated. */
export type Rng = () => number;

/**
 * SplitMix32 seeding an sfc32 generator (Chris Doty-Humphrey, PractRand): 128 bits of state, more than any plan needs.
 */
export function createRng(seed: number): Rng {
  let state = seed >>> 0;
  const next32 = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let [a, b, c, counter] = [next32(), next32(), next32(), 1];
  const step = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) step();
  return () => step() / 2 ** 32;
}

/** A seed for part `index` of a plan, as unlike its neighbours as any other number. */
export const deriveSeed = (seed: number, index: number): number =>
  Math.floor(createRng((seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0)() * 2 ** 32);

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
