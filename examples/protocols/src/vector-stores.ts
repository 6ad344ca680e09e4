import { create, insertMultiple, searchVector } from '@orama/orama';
import type * as Usearch from 'usearch';

/** Keeps vectors of length 1 and finds those that point most nearly in a direction. */
export interface VectorStore {
  /** Vectors with their ids, which are not negative. */
  add(vectors: readonly { readonly id: number; readonly vector: Float32Array }[]): unknown;
  /** The ids of the `count` nearest ones, nearest first. */
  search(vector: Float32Array, count: number): readonly number[] | Promise<readonly number[]>;
}

export const dimensions = 64;

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < dimensions; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Looks at every vector: exact, and the measure of the others. */
export class BruteForce implements VectorStore {
  readonly #entries: { readonly id: number; readonly vector: Float32Array }[] = [];

  add(vectors: readonly { readonly id: number; readonly vector: Float32Array }[]): void {
    this.#entries.push(...vectors);
  }

  search(vector: Float32Array, count: number): readonly number[] {
    const ids: number[] = [];
    const scores: number[] = [];
    for (const entry of this.#entries) {
      const score = cosine(entry.vector, vector);
      if (ids.length === count && score <= scores[count - 1]!) continue;
      let place = scores.findIndex((other) => other < score);
      if (place === -1) place = scores.length;
      scores.splice(place, 0, score);
      ids.splice(place, 0, entry.id);
      scores.length = ids.length = Math.min(count, ids.length);
    }
    return ids;
  }
}

/** Orama: a search engine in JavaScript, here with vectors alone. */
export function openOrama(): VectorStore {
  const database = create({ schema: { vector: `vector[${dimensions}]` } as const });
  return {
    add: (vectors) =>
      insertMultiple(
        database,
        vectors.map(({ id, vector }) => ({ id: String(id), vector: [...vector] })),
      ),
    search: async (vector, count) => {
      // Its default leaves out what is not much alike, and 0 what points away: then fewer come than were asked for.
      const asked = { value: [...vector], property: 'vector' };
      const { hits } = await searchVector(database, { mode: 'vector', vector: asked, similarity: -1, limit: count });
      return hits.map(({ id }) => Number(id));
    },
  };
}

/** How many neighbours a vector has in the graph, and how many candidates are looked at. */
export interface GraphSize {
  readonly connectivity: number;
  readonly expansion_add: number;
  readonly expansion_search: number;
}

export const usualGraph: GraphSize = { connectivity: 16, expansion_add: 64, expansion_search: 64 };
/** Small and quick, and it loses its way: one of ten vectors does not even find itself. */
export const thinGraph: GraphSize = { connectivity: 4, expansion_add: 16, expansion_search: 8 };

/** usearch: a graph of neighbours (HNSW) in native code. Approximate, so that its recall counts too. */
export function openUsearch({ Index, MetricKind, ScalarKind }: typeof Usearch, graph: GraphSize): VectorStore {
  const index = new Index({ dimensions, metric: MetricKind.Cos, quantization: ScalarKind.F32, multi: false, ...graph });
  return {
    add: (vectors) => {
      for (const { id, vector } of vectors) index.add(BigInt(id), vector, 1);
    },
    search: (vector, count) => Array.from(index.search(vector, count, 1).keys, Number),
  };
}
