/** Artifacts, tasks and reserved ids, in memory. */
export class Registry {
  readonly #artifacts = new Map<string, string>();
  readonly #nextId = new Map<string, number>();
  #nextTask = 0;

  store(path: string, text: string): number {
    this.#artifacts.set(path, text);
    return this.#artifacts.size;
  }

  nextTask(): string {
    return `TASK-${String((this.#nextTask++ % 1000) + 1).padStart(3, '0')}`;
  }

  /** A range that nobody else gets: read and written in one turn of the event loop. */
  reserve(kind: string, count: number): { readonly from: number; readonly to: number } {
    const from = this.#nextId.get(kind) ?? 1;
    this.#nextId.set(kind, from + count);
    return { from, to: from + count - 1 };
  }
}

/** The headings that an artifact has to have, and has not. */
export const missingHeadings = (text: string): readonly string[] =>
  ['# ', '## Context', '## Decision'].filter((heading) => !text.includes(heading));

/** Where an artifact is kept: `US-017` is `artifacts/us/US-017.md`. */
export function artifactPath(id: string): string {
  const [, kind] = /^([A-Z]+)-\d+$/.exec(id) ?? [];
  if (kind === undefined) throw new Error(`"${id}" is not an id such as US-017`);
  return `artifacts/${kind.toLowerCase()}/${id}.md`;
}
