import type { NfrReport, ReportedBenchmark, ReportedTarget } from './report.ts';

/** More than this hides what matters; the file has them all. */
const mostLines = 5;

const columns = 100;
const indent = '     ';

const firstLine = (text: string): string => text.split('\n', 1)[0]!;

/** Lines that fit a terminal; what follows the first one stands further in. */
const wrapped = (text: string): string =>
  text.replace(new RegExp(`(?=.{${columns}})(.{1,${columns}})\\s`, 'g'), `$1\n${indent}  `);

/** Why a benchmark is not passed, and what was seen of it. */
const whyOf = ({ name, reasons, remarks }: ReportedBenchmark): readonly string[] =>
  [...new Set([...reasons, ...remarks].map(firstLine))]
    .slice(0, mostLines)
    .map((text) => indent + wrapped(`${name}: ${text}`));

function linesOf(target: ReportedTarget, width: number): readonly string[] {
  const { id, status, strictlyMet, title, advice, benchmarks } = target;
  const strictly = status === 'NOT MEASURED' ? '' : strictlyMet ? ', strictly met' : ', not strictly met';
  const head = `  ${id.padEnd(width)}  ${status}${strictly}  ${title}`;
  if (benchmarks.length === 0) return [head, `${indent}no benchmark that was measured has the tag ${id}`];
  const why = benchmarks.filter((each) => each.status !== 'PASSED').flatMap(whyOf);
  const remedies = benchmarks.filter((each) => each.status !== 'PASSED').flatMap((each) => each.remedies);
  const helps = [...new Set(remedies)].slice(0, mostLines).map((text) => indent + wrapped(`what helps: ${text}`));
  return [
    head,
    ...why,
    ...helps,
    ...(advice === undefined || status === 'NOT MEASURED' ? [] : [indent + wrapped(advice)]),
  ];
}

/** The report in lines for people: each target, and what is behind one that is not passed. */
export function reportText({ targets, summary, rehearsal }: NfrReport): string {
  const width = Math.max(...targets.map(({ id }) => id.length));
  const lines = targets.flatMap((target) => linesOf(target, width));
  const note = rehearsal ? ', in a rehearsal: lengths and limits are not those of the requirements' : '';
  return `${lines.join('\n')}\n  together: ${summary.status}${note}\n`;
}
