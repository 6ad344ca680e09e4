import type { Measured, ObjectiveCounts, Result } from './result.ts';

/** One line of the summary. `project` is Nx's name; `folder` is relative to the workspace, with `/`. */
export interface Row {
  readonly project: string;
  readonly folder: string;
  readonly result: Result;
}

const headings = ['project', 'verdict', 'benchmarks', 'objectives', 'duration'] as const;

/** The table for a terminal, one string a line: no colour, no control characters, aligned with spaces. */
export function textTable(rows: readonly Row[]): string[] {
  const cells = [headings, ...rows.map(cellsOf)].map((line) => line.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...notes(rows).map(printable)];
}

/** The same for Markdown, with links to each project's own reports, for a file in `.perf` of the workspace. */
export function markdownSummary(rows: readonly Row[]): string {
  const lines = rows.map((row) => [...cellsOf(row).map(escape), links(row)]);
  const head = [...headings, 'report'];
  const text = [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`);
  const remarks = notes(rows).map((note) => `- ${escape(note)}`);
  return ['# Performance', '', ...text, ...(remarks.length > 0 ? ['', ...remarks] : []), ''].join('\n');
}

function cellsOf({ project, result }: Row): string[] {
  if (result.kind !== 'measured') return [project, result.kind, '-', '-', '-'];
  const { verdict, benchmarks, objectives, durationMs, short } = result;
  const judged = short ? 'not judged' : objectiveCount(objectives);
  return [project, verdict, benchmarkCount(benchmarks), judged, duration(durationMs)];
}

const benchmarkCount = ({ judged, planned }: Measured['benchmarks']): string =>
  judged === planned ? `${judged}` : `${judged} of ${planned}`;

function objectiveCount({ kept, missed, expected, undecided }: ObjectiveCounts): string {
  const parts = [
    [kept, 'kept'],
    [missed, 'missed'],
    [expected, 'missed as expected'],
    [undecided, 'undecided'],
  ] as const;
  const text = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return text.length === 0 ? 'none' : text.join(', ');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

// As many as still read as a remark on the table; the report has all.
const reasonsShown = 3;

function notes(rows: readonly Row[]): string[] {
  return rows.flatMap(({ project, result }) => {
    if (result.kind !== 'measured') return [`${project}: ${result.why}`];
    const reasons = result.verdict === 'pass' ? [] : result.reasons;
    const hidden = reasons.length - reasonsShown;
    const rest = hidden > 0 ? [`and ${hidden} more, in its report`] : [];
    const remarks = [...(result.interrupted ? ['interrupted'] : []), ...reasons.slice(0, reasonsShown), ...rest];
    return remarks.map((remark) => `${project}: ${remark}`);
  });
}

function links({ folder, result }: Row): string {
  if (result.kind !== 'measured') return '-';
  const latest = ['..', ...folder.split('/').filter((part) => part !== '' && part !== '.'), '.perf', 'latest'];
  const base = latest.map(encodeURIComponent).join('/');
  return `[html](${base}/report.html) · [markdown](${base}/report.md) · [json](${base}/run.json)`;
}

/** Names and messages come from elsewhere: they must not move the cursor, end a line or colour the terminal. */
const printable = (text: string): string =>
  text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');

const escape = (text: string): string => printable(text).replace(/[\\|<>`*_[\]]/g, '\\$&');
