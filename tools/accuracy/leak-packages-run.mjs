/** One package in a process of its own: prints what was found, and what keeps the memory, as JSON. */
import { detectLeak, explainGrowth } from '@perfkeel/memory';
import { packages } from './leak-programs/packages.mjs';

const [name, duration] = process.argv.slice(2);
const cycle = await packages[name].make();
const { verdict, reason, perIteration, resolution } = await detectLeak({ iterate: cycle, duration });
const findings =
  verdict === 'leak'
    ? await explainGrowth({
        iterations: 500,
        iterate: async (times) => {
          for (let i = 0; i < times; i++) await cycle();
        },
      })
    : [];
const [worst] = findings;
process.stdout.write(
  JSON.stringify({ verdict, reason, perIteration: perIteration.value, resolution, named: worst?.sentence }),
  () => process.exit(0),
);
