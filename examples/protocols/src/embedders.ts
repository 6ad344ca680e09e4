/** Turns texts into vectors of length 1, close to each other for texts that are alike. */
export interface Embedder {
  readonly dimensions: number;
  embed(text: string): Float32Array;
  embedAll(texts: readonly string[]): readonly Float32Array[];
}

const dimensions = 256;

/** FNV-1a over UTF-16 units. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  // An empty text has no direction.
  return length === 0 ? vector : vector.map((x) => x / length);
}

/** Feature hashing of all runs of three to five characters (Weinberger et al. 2009): no vocabulary, nothing to learn. */
export const hashedNgrams: Embedder = {
  dimensions,
  embed(text) {
    const vector = new Float32Array(dimensions);
    const padded = ` ${text.toLowerCase()} `;
    for (let size = 3; size <= 5; size++) {
      for (let i = 0; i + size <= padded.length; i++) {
        const hash = hashOf(padded, i, i + size);
        // The highest bit is the sign, so that collisions cancel out on average.
        vector[hash % dimensions]! += hash >>> 31 ? 1 : -1;
      }
    }
    return normalise(vector);
  },
  embedAll: (texts) => texts.map((text) => hashedNgrams.embed(text)),
};

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/**
 * TF-IDF weights of words, learnt from a corpus, brought down to few dimensions by a random projection with entries of
 * +1 and -1 (Achlioptas 2003). The hash of a word is the seed of its row, so that no matrix is stored.
 */
export function tfIdf(corpus: readonly string[]): Embedder {
  const seenIn = new Map<string, number>();
  for (const text of corpus) for (const word of new Set(wordsOf(text))) seenIn.set(word, (seenIn.get(word) ?? 0) + 1);
  const weightOf = (word: string): number => Math.log((1 + corpus.length) / (1 + (seenIn.get(word) ?? 0)));
  const embed = (text: string): Float32Array => {
    const counts = new Map<string, number>();
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    const vector = new Float32Array(dimensions);
    for (const [word, count] of counts) addProjected(vector, hashOf(word, 0, word.length), count * weightOf(word));
    return normalise(vector);
  };
  return { dimensions, embed, embedAll: (texts) => texts.map(embed) };
}

/** Adds `weight` times the row of a word: 32 signs from each number of an xorshift sequence. */
function addProjected(vector: Float32Array, seed: number, weight: number): void {
  let state = seed || 1;
  for (let i = 0; i < vector.length; i++) {
    if (i % 32 === 0) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    vector[i]! += (state >>> (i % 32)) & 1 ? weight : -weight;
  }
}

/** The cosine of two vectors of length 1. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
