// npm run test:fuzz -- [seconds per property = 10] [part of a path...]
// Tests every property with new cases for so long. One that fails names its seed and its smallest counterexample: make an
// example of it in the same file. Why it is no part of `npm test`: docs/decisions/0014.
import { execFileSync, spawnSync } from 'node:child_process';

const [first = '10', ...rest] = process.argv.slice(2);
const named = Number(first) > 0;
const seconds = named ? first : '10';
const parts = named ? rest : process.argv.slice(2);

const files = execFileSync('git', ['grep', '-l', "from 'fast-check'", '--', '*.test.ts'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
if (files.length === 0) {
  console.error(`no property is tested in a path with ${parts.join(' or ')}`);
  process.exit(2);
}
// No limit on tests, whose time is given here, and no second attempt: one counterexample is enough.
const options = ['run', '--retry', '0', '--testTimeout', '0', '--reporter', 'dot'];
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...options, ...files], {
  stdio: 'inherit',
  env: { ...process.env, PERFKEEL_FUZZ: seconds },
});
process.exitCode = status ?? 1;
