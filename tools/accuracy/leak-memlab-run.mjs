/** One program: three snapshots into a folder, with 1000 iterations between them, and what we say of them as JSON. */
import { explainGrowth } from '@perfkeel/memory';
import { betweenBy } from './leak-programs/between.mjs';
import { clean } from './leak-programs/clean.mjs';
import { leaking } from './leak-programs/leaking.mjs';

const [name, folder] = process.argv.slice(2);
const between = betweenBy(1);
const cycle = await (clean[name]?.(between) ?? leaking[name].make());
const iterate = async (times) => {
  for (let i = 0; i < times; i++) await cycle();
};
// A cache that still fills grows, and is named rightly.
await iterate(Math.max(2000, 2 * between.largest));
const findings = await explainGrowth({ iterate, iterations: 1000, keepIn: folder });
process.stdout.write(JSON.stringify(findings.map(({ container, sentence }) => ({ container, sentence }))), () =>
  process.exit(0),
);
