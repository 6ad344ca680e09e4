import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The folder of the documents, beside `src/` and beside `dist/`. */
const folder = fileURLToPath(new URL('../documents/', import.meta.url));

/** A document of the team: a pattern to follow, a template to fill in, or a generator that says how to write one. */
export interface Entry {
  readonly kind: string;
  readonly topic: string;
  readonly uri: string;
}

/** A part of a document below a heading of its own. */
export interface Section {
  readonly slug: string;
  readonly text: string;
}

const kinds = ['patterns', 'templates', 'generators'];

/** Everything that there is, found once: documents are added with a release. */
export const entries: readonly Entry[] = kinds.flatMap((kind) =>
  readdirSync(join(folder, kind))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => name.slice(0, -'.md'.length))
    .map((topic) => ({ kind, topic, uri: `docs://${kind}/${topic}` })),
);

/** Reads a file of the folder; `patterns/core`, `tasks`. Only what is listed here has a name that arrives from outside. */
export const readDocument = (path: string): Promise<string> => readFile(join(folder, `${path}.md`), 'utf8');

/** The same from a disk on which each read takes so much longer. */
export const readSlowly =
  (ms: number): typeof readDocument =>
  async (path) => {
    await sleep(ms);
    return readDocument(path);
  };

/** The parts below the headings of the second level. */
export function sectionsOf(text: string): readonly Section[] {
  return text
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith('## '))
    .map((part) => {
      const [, heading = ''] = /^## (.*)$/m.exec(part) ?? [];
      return { slug: heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), text: part.trim() };
    });
}
