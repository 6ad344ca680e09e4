import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

const ownFolder = join(import.meta.dirname, '..', 'golden');

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Compares with a golden file. What differs is written beside it as `.got`; `UPDATE_GOLDEN=1` makes it the new golden
 * file, to be read before it is committed.
 */
export function expectGolden(name: string, got: string, folder = ownFolder): void {
  const path = join(folder, name);
  const beside = `${path}.got`;
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, got);
  }
  const golden = read(path);
  if (golden === got) return rmSync(beside, { force: true });
  writeFileSync(beside, got);
  expect(got, `${name} differs; read ${beside} and set UPDATE_GOLDEN=1 when it is right`).toBe(golden ?? '');
}
