// A lock file written on one platform can silently lack the optional packages of the others, and then `npm ci`
// fails there. Every optional dependency that any package names must have an entry.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const paths = Object.keys(packages);
const problems = [];
for (const [path, entry] of Object.entries(packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!paths.some((other) => other.endsWith(`node_modules/${name}`))) {
      problems.push(`${path}@${entry.version}: ${name} is not in the lock file`);
    }
  }
  if (/^https?:/.test(entry.resolved ?? '')) {
    problems.push(`${path}: the lock file names a registry host (${entry.resolved})`);
  }
}
if (problems.length > 0) {
  console.error(`package-lock.json is not complete for every platform:\n  ${problems.join('\n  ')}`);
  process.exit(1);
}
console.log(`package-lock.json: ${paths.length} entries, complete for every platform`);
