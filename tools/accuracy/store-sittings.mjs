/** What was measured in several sittings, a row of JSON each: an hour in one piece is not to be had on every machine. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fileOf = (name) => fileURLToPath(new URL(`.data/${name}.ndjson`, import.meta.url));

export function addSitting(name, row) {
  mkdirSync(fileURLToPath(new URL('.data', import.meta.url)), { recursive: true });
  writeFileSync(fileURLToPath(new URL('.data/.gitignore', import.meta.url)), '*\n');
  appendFileSync(fileOf(name), `${JSON.stringify(row)}\n`);
}

export function sittingsOf(name) {
  if (!existsSync(fileOf(name))) return [];
  return readFileSync(fileOf(name), 'utf8')
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
