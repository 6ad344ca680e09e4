/** How near the growth of a leak comes to the truth, and how often its interval holds it, on runs that are judged. */
import { printTable } from './fresh-process.mjs';
import { pushed, slotBytes } from './leak-programs/containers.mjs';

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const percent = (value) => `${Number((100 * value).toFixed(1))} %`;

/** Bytes that each iteration leaves behind: by a loop of its own, by what was written, or unknown. */
const truthOf = ({ program, truth }) => truth ?? (program === 'array' ? pushed + slotBytes : Number(program));

const isLeak = ({ report }) => report.verdict === 'leak';
const holds = (run) => {
  const { lo, hi } = run.report.perIteration;
  return lo <= truthOf(run) && truthOf(run) <= hi;
};
const errorOf = (run) => Math.abs(run.report.perIteration.value / truthOf(run) - 1);
const widthOf = (run) => (run.report.perIteration.hi - run.report.perIteration.lo) / truthOf(run);

const kindOf = ({ group, program }) => (group === 'containers' ? program : 'objects in a list');

/** Runs in parts, each with a name; those without a run are left out. */
function partsOf(runs) {
  const [served, here] = [[], []];
  for (const run of runs) (run.group.endsWith('servers') ? served : here).push(run);
  const requests = ({ samples }) => samples.at(-1).iterations;
  const kinds = new Set(here.map(kindOf));
  return [
    ...[...kinds].map((kind) => [kind, here.filter((run) => kindOf(run) === kind)]),
    ['servers, up to 5000 requests', served.filter((run) => requests(run) <= 5000)],
    ['servers, up to 20 000', served.filter((run) => requests(run) > 5000 && requests(run) <= 20_000)],
    ['servers, more', served.filter((run) => requests(run) > 20_000)],
  ].filter(([, list]) => list.length > 0);
}

/**
 * Prints a table of what was called a leak and of which the truth is known.
 *
 * @returns the share of intervals that hold the truth, of all and of servers; `null` without any
 */
export function reportOnSlopes(judged) {
  const runs = judged.filter((run) => isLeak(run) && Number.isFinite(truthOf(run)));
  if (runs.length === 0) return { slopeCoverage: null, slopeCoverageServers: null };
  const rows = partsOf(runs).map(([name, list]) => [
    name,
    String(list.length),
    Number(middle(list.map(truthOf)).toFixed(1)).toString(),
    percent(middle(list.map(errorOf))),
    percent(Math.max(...list.map(errorOf))),
    percent(middle(list.map(widthOf))),
    `${list.filter(holds).length} of ${list.length}`,
  ]);
  const title = 'growth of leaks against the truth';
  printTable([[title, 'leaks', 'B/it', 'median error', 'worst', 'width of interval', 'holds the truth'], ...rows]);
  console.log();
  const served = runs.filter(({ group }) => group.endsWith('servers'));
  const share = (list) => (list.length === 0 ? null : list.filter(holds).length / list.length);
  return { slopeCoverage: share(runs), slopeCoverageServers: share(served) };
}
