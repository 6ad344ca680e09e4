/** One series: what is compared with itself from run to run. */
export interface Series {
  readonly benchmark: string;
  readonly metric: string;
  readonly statistic: string;
}

/**
 * Whether a pattern names a series: `checkout`, `checkout p99`, `checkout response-time` or
 * `checkout response-time p99`. A star stands for any text, `\*` for a star. Not a part: `check` is not `checkout`.
 */
export function matchesPattern(pattern: string, { benchmark, metric, statistic }: Series): boolean {
  const names = [
    benchmark,
    `${benchmark} ${statistic}`,
    `${benchmark} ${metric}`,
    `${benchmark} ${metric} ${statistic}`,
  ];
  return names.some((name) => matches(pattern.trim(), name));
}

/** The pattern that means this text and no other. */
export const literalPattern = (text: string): string => text.replace(/[\\*]/g, '\\$&');

/** Pieces of literal text, with a star between each two. */
function pieces(pattern: string): readonly string[] {
  const found = [''];
  for (let i = 0; i < pattern.length; i++) {
    const next = pattern[i + 1];
    if (pattern[i] === '\\' && (next === '*' || next === '\\')) found.push(found.pop()! + pattern[++i]!);
    else if (pattern[i] === '*') found.push('');
    else found.push(found.pop()! + pattern[i]!);
  }
  return found;
}

/** Each piece as early as it fits: no backtracking, so that no pattern takes long. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...others] = pieces(pattern);
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
