/**
 * Draws whole numbers, the same for the same seed, evenly over their logarithm (mulberry32 underneath). `bound(lo, hi)` is
 * for how many iterations it takes until a program has all that it keeps; the largest of them is remembered.
 */
export function betweenBy(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  next();
  const between = (lo, hi) => Math.round(lo * (hi / lo) ** next());
  between.largest = 0;
  between.bound = (lo, hi) => {
    const drawn = between(lo, hi);
    between.largest = Math.max(between.largest, drawn);
    return drawn;
  };
  return between;
}
