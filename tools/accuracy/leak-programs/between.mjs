/** Draws whole numbers, the same for the same seed, evenly over their logarithm (mulberry32 underneath). */
export function betweenBy(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  next();
  return (lo, hi) => Math.round(lo * (hi / lo) ** next());
}
