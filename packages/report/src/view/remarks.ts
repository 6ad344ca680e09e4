import { type Report, type Warning } from '@perfkeel/core';

/** A remark, and what it is about; nothing when it is about the whole run. */
export interface Remark {
  readonly message: string;
  readonly about: readonly string[];
}

/** All remarks of measurements and of the comparison: the same words about several benchmarks become one. */
export function remarksOf({ run, comparison }: Report): readonly Remark[] {
  const merged = new Map<string, Set<string>>();
  const note = ({ message }: Warning, about?: string): void => {
    const seen = merged.get(message) ?? new Set();
    if (about !== undefined) seen.add(about);
    merged.set(message, seen);
  };
  for (const warning of comparison?.warnings ?? []) note(warning);
  for (const { benchmark, warnings } of run.measurements) for (const warning of warnings) note(warning, benchmark);
  return [...merged].map(([message, about]) => ({ message, about: [...about] }));
}

/** `checkout, search and 3 more`. */
export function nameSome(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}
