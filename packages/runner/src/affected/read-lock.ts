import { posix } from 'node:path';
import type { Lock } from './lock.ts';
import type { ManifestFacts } from './manifest-facts.ts';
import { parseNpmLock } from './npm-lock.ts';
import { parsePnpmLock } from './pnpm-lock.ts';
import { parseYarnLock } from './yarn-lock.ts';

/** Reads a lock file by its name. `undefined` for one that cannot be compared package by package. */
export function readLock(path: string, text: string | undefined, manifests: ManifestFacts): Lock | undefined {
  if (text === undefined) return undefined;
  switch (posix.basename(path)) {
    case 'package-lock.json':
    case 'npm-shrinkwrap.json':
      return parseNpmLock(text);
    case 'pnpm-lock.yaml':
      return parsePnpmLock(text);
    case 'yarn.lock':
      return parseYarnLock(text, manifests);
    default:
      return undefined;
  }
}
