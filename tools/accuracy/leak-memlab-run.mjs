/** One program: three snapshots into a folder, with 1000 iterations between them, and what we say of them as JSON. */
import { explainGrowth } from '@perfkeel/memory';
import { betweenBy } from './leak-programs/between.mjs';
import { clean } from './leak-programs/clean.mjs';
import { leaking } from './leak-programs/leaking.mjs';

const [name, folder] = process.argv.slice(2);
const cycle = await (clean[name]?.(betweenBy(1)) ?? leaking[name].make());
const iterate = async (times) => {
  for (let i = 0; i < times; i++) await cycle();
};
await iterate(2000);
const findings = await explainGrowth({ iterate, iterations: 1000, keepIn: folder });
process.stdout.write(JSON.stringify(findings.map(({ container, sentence }) => ({ container, sentence }))), () =>
  process.exit(0),
);
