import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { companionFile } from '../src/companion.ts';

/** Puts the helper processes beside a bundle of the runner, as they stand in the published package. */
export async function placeCompanions(folder: string): Promise<void> {
  for (const name of ['harness', 'supervisor'] as const) {
    await copyFile(await companionFile(name), join(folder, `${name}.js`));
  }
}
