import { CountingCache } from './counting-cache.ts';
import { entries, readDocument, sectionsOf } from './library.ts';
import { Registry } from './registry.ts';

/** What all sessions of one process share. */
export interface Shared {
  readonly cache: CountingCache<string>;
  readonly registry: Registry;
}

export async function createShared(): Promise<Shared> {
  const [tasks, ids] = await Promise.all([readDocument('tasks'), readDocument('ids')]);
  return { cache: new CountingCache(100), registry: new Registry(tasks, ids) };
}

/** Every document with its sections, a line each: what a reader needs to ask for the right part. */
export async function indexText({ cache }: Shared): Promise<string> {
  const lines = entries
    .filter(({ kind }) => kind === 'patterns')
    .map(async ({ kind, topic }) => {
      const text = await cache.get(`${kind}/${topic}`, readDocument);
      return `${kind}/${topic}: ${sectionsOf(text)
        .map(({ slug }) => slug)
        .join(' ')}`;
    });
  return (await Promise.all(lines)).join('\n');
}

/** A part of a document. @throws Error that says which parts there are */
export async function sectionText({ cache }: Shared, path: string, slug: string): Promise<string> {
  if (!entries.some(({ kind, topic }) => `${kind}/${topic}` === path)) throw new Error(`there is no document ${path}`);
  const sections = sectionsOf(await cache.get(path, readDocument));
  const found = sections.find((section) => section.slug === slug);
  if (found !== undefined) return found.text;
  throw new Error(`${path} has no section ${slug}; it has ${sections.map((section) => section.slug).join(', ')}`);
}
