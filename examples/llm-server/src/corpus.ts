import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository that this example is a part of. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Source {
  readonly folder: string;
  readonly ending: string;
}

/** What each model is trained on when it is loaded: files that are here anyway. */
const sources: Readonly<Record<string, readonly Source[]>> = {
  prose: [{ folder: 'docs', ending: '.md' }],
  code: [{ folder: 'packages/core/src', ending: '.ts' }],
};

/** Enough to say something, and read in a fraction of a second. */
const mostCharacters = 400_000;

export const modelNames: readonly string[] = Object.keys(sources);

/** The texts of a model, one a file. */
export function* textsOf(model: string): Generator<string> {
  let characters = 0;
  for (const { folder, ending } of sources[model] ?? []) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names.filter((each) => each.endsWith(ending))) {
      const text = readFileSync(join(root, folder, name), 'utf8').slice(0, mostCharacters - characters);
      characters += text.length;
      if (text.length > 0) yield text;
    }
  }
}
