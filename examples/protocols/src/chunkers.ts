import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';

/** Cuts a text into pieces that a model can take: none longer than `limit` characters. */
export interface Chunker {
  readonly limit: number;
  split(text: string): readonly string[] | Promise<readonly string[]>;
}

const limit = 1000;

const pieces = (text: string): string[] =>
  Array.from({ length: Math.ceil(text.length / limit) }, (_, i) => text.slice(i * limit, (i + 1) * limit));

/** Cuts wherever the limit is reached. */
export const fixedSize: Chunker = { limit, split: pieces };

/** Splits at blank lines and hopes that nobody writes long paragraphs. */
export const naiveParagraphs: Chunker = { limit, split: (text) => text.split('\n\n') };

/** Packs whole paragraphs; what is too long is packed by sentences, and what is still too long is cut. */
export const paragraphs: Chunker = {
  limit,
  split: (text) => packed(text.split('\n\n'), '\n\n', (long) => packed(long.split(/(?<=[.?!]) /), ' ', pieces)),
};

/** Joins neighbours for as long as they fit; `divide` takes what does not fit by itself. */
function packed(parts: readonly string[], separator: string, divide: (long: string) => string[]): string[] {
  const chunks: string[] = [];
  let current = '';
  for (const part of parts) {
    const joined = current === '' ? part : current + separator + part;
    if (joined.length <= limit) {
      current = joined;
      continue;
    }
    if (current !== '') chunks.push(current);
    const divided = part.length > limit ? divide(part) : [part];
    current = divided.pop() ?? '';
    chunks.push(...divided);
  }
  return current === '' ? chunks : [...chunks, current];
}

/** The splitter that most retrieval programs begin with. */
export function recursive(): Chunker {
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: limit, chunkOverlap: 0 });
  return { limit, split: (text) => splitter.splitText(text) };
}
