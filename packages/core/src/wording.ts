/**
 * Names a value shortly enough for a message: `"5 minutes"`, `null`, `an array`, `{ path, headers }`. What is in an object
 * is not told: it may be secret.
 */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return describeObject(value);
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'string' ? JSON.stringify(value) : (value as number).toString();
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function describeObject(value: object): string {
  const names = Object.keys(value).join(', ');
  if (names === '') return 'an object';
  return `{ ${names.length > 56 ? `${names.slice(0, 53)}...` : names} }`;
}

/** How many single-letter edits turn one word into the other (Levenshtein, by one row). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The known word nearest to what was written; `undefined` when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((candidate) => ({
    candidate,
    distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
  }));
  const [best] = scored.sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}
