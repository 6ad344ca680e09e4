/** How a document looks. The same recipe gives the same text, byte for byte, on every machine. */
export interface DocumentRecipe {
  readonly rows: number;
  readonly seed: number;
}

const words = ['amber', 'basalt', 'cedar', 'dune', 'ember', 'fjord', 'grove', 'harbour', 'inlet', 'juniper'];
const header = ['id', 'name', 'price', 'quantity', 'paid', 'comment'];

/** Numbers in [0, 1) from a 32-bit linear congruential generator (Numerical Recipes): good enough for text. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A comment as people write them: sometimes empty, sometimes with commas, quotes or a second line. */
function comment(next: () => number): string {
  const pick = (): string => words[Math.floor(next() * words.length)]!;
  const text = Array.from({ length: Math.floor(next() * 8) }, pick).join(' ');
  const kind = next();
  if (kind < 0.1) return `${text}, "${pick()}" it said`;
  if (kind < 0.15) return `${text}\nand ${pick()}`;
  return kind < 0.3 ? `${text}, ${pick()}` : text;
}

function row(id: number, next: () => number): string[] {
  const name = `${words[Math.floor(next() * words.length)]!} ${Math.floor(next() * 900) + 100}`;
  const price = (next() * 500).toFixed(2);
  const quantity = String(Math.floor(next() * 40));
  return [String(id), name, price, quantity, next() < 0.8 ? 'true' : 'false', comment(next)];
}

const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The cells that a document has, header first. */
export function makeRows({ rows, seed }: DocumentRecipe): string[][] {
  const next = numbersFrom(seed);
  return [header, ...Array.from({ length: rows }, (_, i) => row(i + 1, next))];
}

/** The same cells as text (RFC 4180, without a line break at the end). */
export const makeDocument = (recipe: DocumentRecipe): string =>
  makeRows(recipe)
    .map((cells) => cells.map(field).join(','))
    .join('\n');
