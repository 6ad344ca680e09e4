/** A page of the engine's heap and a little: it can count one as used that it has only just begun to fill. */
const largestLump = 300 * 1024;
/** Less than that is noise, which says how sure a slope is. */
const leastLump = 32 * 1024;
/** In a server that is read ten times a second, a lump lasts for up to three readings. */
const window = 4;

/**
 * Live bytes without the engine's lumps: a heap that is read right after forced collections is now and then up to a page
 * too large, for a few readings, whatever is alive. Rises that are given back within three points are taken out, as far
 * as they are no larger than such a lump: an opening (Serra, "Image Analysis and Mathematical Morphology", 1982) of what
 * is left when the usual growth has been taken away, so that growth itself is no lump.
 *
 * @param values bytes
 * @param usual bytes that work usually adds up to each point
 */
export function withoutLumps(values: readonly number[], usual: readonly number[]): number[] {
  const rest = values.map((value, i) => value - usual[i]!);
  const lowest = rest.map((_, i) => Math.min(...rest.slice(i, i + window)));
  return rest.map((value, i) => {
    const ground = Math.max(...lowest.slice(Math.max(0, i - window + 1), i + 1));
    const lump = value - ground;
    return (lump >= leastLump && lump <= largestLump ? ground : value) + usual[i]!;
  });
}
