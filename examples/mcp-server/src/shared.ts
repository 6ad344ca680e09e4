import { CountingCache } from './counting-cache.ts';
import { entries, readDocument, readSlowly, sectionsOf } from './library.ts';
import { Registry } from './registry.ts';

/** What all sessions of one process share. */
export interface Shared {
  readonly cache: CountingCache<string>;
  readonly read: typeof readDocument;
  readonly registry: Registry;
}

/** Faults for whoever wants to find them. */
export interface Faults {
  readonly cache?: boolean;
  /** Added to each read of the disk. */
  readonly diskMs?: number;
}

export async function createShared({ cache = true, diskMs = 0 }: Faults = {}): Promise<Shared> {
  const [tasks, ids] = await Promise.all([readDocument('tasks'), readDocument('ids')]);
  const read = diskMs > 0 ? readSlowly(diskMs) : readDocument;
  return { cache: new CountingCache(cache ? 100 : 0), read, registry: new Registry(tasks, ids) };
}

/** Every document with its sections, a line each: what a reader needs to ask for the right part. */
export async function indexText({ cache, read }: Shared): Promise<string> {
  const lines = entries
    .filter(({ kind }) => kind === 'patterns')
    .map(async ({ kind, topic }) => {
      const text = await cache.get(`${kind}/${topic}`, read);
      return `${kind}/${topic}: ${sectionsOf(text)
        .map(({ slug }) => slug)
        .join(' ')}`;
    });
  return (await Promise.all(lines)).join('\n');
}

/** A part of a document. @throws Error that says which parts there are */
export async function sectionText({ cache, read }: Shared, path: string, slug: string): Promise<string> {
  if (!entries.some(({ kind, topic }) => `${kind}/${topic}` === path)) throw new Error(`there is no document ${path}`);
  const sections = sectionsOf(await cache.get(path, read));
  const found = sections.find((section) => section.slug === slug);
  if (found !== undefined) return found.text;
  throw new Error(`${path} has no section ${slug}; it has ${sections.map((section) => section.slug).join(', ')}`);
}
