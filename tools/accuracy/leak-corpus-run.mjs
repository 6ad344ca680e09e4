/** One run of one program of the leak corpus, in a process of its own: prints what it measured as JSON. */
import { detectLeak } from '@perfkeel/memory';
import { clean } from './leak-programs/clean.mjs';
import { leakOf, leaking } from './leak-programs/leaking.mjs';

const [group, name, duration] = process.argv.slice(2);
const make = { clean: () => clean[name](), leaking: () => leaking[name].make(), sizes: () => leakOf(Number(name)) }[
  group
];
const smallest = group === 'sizes' && Number(name) <= 1 ? 0.25 : 1;
const { samples, verdict, reason, perIteration, resolution, warmUpIterations, startedAt } = await detectLeak({
  setup: make,
  iterate: (cycle) => cycle(),
  duration,
  smallest,
});
const columns = {
  iterations: samples.map(({ iterations }) => iterations),
  heap: samples.map(({ heap }) => heap),
  external: samples.map(({ external }) => external),
  rss: samples.map(({ rss }) => rss),
};
process.stdout.write(
  JSON.stringify({ ...columns, verdict, reason, perIteration, resolution, warmUpIterations, startedAt, smallest }),
  () => process.exit(0),
);
