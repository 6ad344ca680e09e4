import { sectionsOf } from './library.ts';

/** A task as `tasks.md` has it. */
export interface Task {
  readonly id: string;
  readonly state: string;
  readonly task: string;
  readonly readBefore: string;
}

/** The rows of the one table of a document, without its head. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^\|(?! (?:id|kind|-+) )(.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );

/** Artifacts, tasks and reserved ids, in memory; what was there before comes from `tasks.md` and `ids.md`. */
export class Registry {
  readonly #artifacts = new Map<string, string>();
  readonly #nextId = new Map<string, number>();
  readonly #open: readonly Task[];
  #taken = 0;

  constructor(tasks: string, ids: string) {
    this.#open = rowsOf(tasks)
      .map(([id = '', state = '', task = '', readBefore = '']) => ({ id, state, task, readBefore }))
      .filter(({ state }) => state === 'open');
    for (const [kind = '', , to = ''] of rowsOf(ids)) this.#nextId.set(kind, Number(to) + 1);
  }

  store(path: string, text: string): number {
    this.#artifacts.set(path, text);
    return this.#artifacts.size;
  }

  /** The next open task. Nobody finishes one here, so that they come round again. */
  nextTask(): Task | undefined {
    return this.#open[this.#taken++ % this.#open.length];
  }

  /** A range that nobody else gets: read and written in one turn of the event loop. */
  reserve(kind: string, count: number): { readonly from: number; readonly to: number } {
    const from = this.#nextId.get(kind) ?? 1;
    this.#nextId.set(kind, from + count);
    return { from, to: from + count - 1 };
  }
}

/** What is wrong with an artifact: headings of its template that are missing or have nothing below them. */
export function problemsOf(text: string, template: string): readonly string[] {
  const own = new Map(sectionsOf(text).map(({ slug, text: part }) => [slug, part]));
  return sectionsOf(template).flatMap(({ slug }) => {
    const part = own.get(slug);
    if (part === undefined) return [`${slug} is missing`];
    return part.split('\n').slice(1).join('').trim() === '' ? [`${slug} is empty`] : [];
  });
}

const kindOf: Readonly<Record<string, string>> = { EP: 'epic', US: 'story', TASK: 'task', ADR: 'decision' };

/** Where an artifact is kept: `US-017` is `artifacts/us/US-017.md`. */
export function artifactPath(id: string): { readonly path: string; readonly template: string } {
  const [, kind = ''] = /^([A-Z]+)-\d{3,}$/.exec(id) ?? [];
  const template = kindOf[kind];
  if (template === undefined) throw new Error(`"${id}" is not an id such as US-017`);
  return { path: `artifacts/${kind.toLowerCase()}/${id}.md`, template: `docs://templates/${template}` };
}
