import { escapeMarkdown } from '../markdown/escape.ts';
import { signs } from '../markdown/sections.ts';
import { markdownTable } from '../markdown/table.ts';
import { plural } from '../view/words.ts';
import { advicePart } from './advice-part.ts';
import type { CiReport } from './ci-report.ts';
import { allRowsPart, comparedPart, environmentPart, whatToDoPart } from './closing-parts.ts';
import { crowdedPart } from './crowded-part.ts';
import {
  countsOf,
  failuresOf,
  fateOf,
  fates,
  isNews,
  isUrgent,
  objectivesOf,
  onlyWarning,
  rowsOf,
} from './rank-rows.ts';
import { selectionPart } from './selection-part.ts';
import { nameOf, roomy, rowsTable, signOfVerdict, type NameRoom } from './row-cells.ts';

export interface PullRequestOptions {
  /** Which comment of a pull request this is; small letters, digits and dashes. @default 'main' */
  readonly scope?: string | undefined;
  /** The largest size of the text. @default 60 000 */
  readonly budget?: number | undefined;
  /** The size of a text in the unit of the budget. @default its characters */
  readonly sizeOf?: ((text: string) => number) | undefined;
}

/** GitHub refuses comments above 65 536 characters. */
export const pullRequestBudget = 60_000;

/** The first line of a comment, by which it is found again. Invisible. */
export const pullRequestMarker = (scope = 'main'): string =>
  `<!-- perfkeel:v1:${scope.toLowerCase().replace(/[^a-z0-9-]+/g, '-')} -->`;

interface Room extends NameRoom {
  /** Rows that do not fail. */
  readonly others: number;
  readonly everything: boolean;
  readonly environment: boolean;
}

/** Tried in this order until the text fits. Rows that fail are in every one of them. */
const rooms: readonly Room[] = [
  { ...roomy, others: 20, everything: true, environment: true },
  { ...roomy, others: 20, everything: false, environment: true },
  { ...roomy, others: 20, everything: false, environment: false },
  { ...roomy, others: 5, everything: false, environment: false },
  { name: 80, reason: 60, others: 0, everything: false, environment: false },
];

/**
 * The text for a pull request, as GitHub Markdown: the counts first, then the rows that need a person, what was
 * compared, how to measure it again and how to accept it; everything else is folded away or left out. Never longer than
 * the budget, and no failing row is ever left out: where not all fit by name, they are counted by project.
 */
export function renderPullRequest(report: CiReport, options: PullRequestOptions = {}): string {
  const { budget = pullRequestBudget, sizeOf = (text: string): number => text.length } = options;
  const marker = pullRequestMarker(options.scope);
  for (const room of rooms) {
    if (leastSizeOf(report, room) > budget) continue;
    const text = textOf(report, room, marker);
    if (sizeOf(text) <= budget) return text;
  }
  const head = [marker, headline(report), comparedPart(report)];
  const left = budget - sizeOf(`${head.join('\n\n')}\n\n\n`);
  return `${[...head, crowdedPart(report, left, sizeOf)].join('\n\n')}\n`;
}

/** No row of a table is shorter. */
const shortestRow = 40;

/** What the rows take up at least: spares the making of texts that cannot fit. */
function leastSizeOf({ projects }: CiReport, { everything }: Room): number {
  const rows = projects.flatMap(({ rows }) => rows);
  const failing = rows.filter((row) => fateOf(row) === 'failing').length;
  return shortestRow * (failing + (everything ? rows.length : 0));
}

function textOf(report: CiReport, room: Room, marker: string): string {
  const parts = [
    marker,
    headline(report),
    failuresTable(report, room),
    objectivesTable(report, room),
    rowsPart(report, room),
    comparedPart(report),
    room.environment ? advicePart(report, room) : '',
    whatToDoPart(report),
    room.everything ? allRowsPart(report) : '',
    room.environment ? selectionPart(report) : '',
    room.environment ? environmentPart(report) : '',
    `<sub>${escapeMarkdown(report.tool)}</sub>`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Counts, never averages. */
function headline(report: CiReport): string {
  const counts = countsOf(report).join(' · ');
  if (report.projects.length === 0) {
    return report.skipped.length > 0
      ? `### ${signs.pass} perf: nothing that is measured was affected`
      : `### ${signs['could-not-measure']} perf: nothing ran`;
  }
  const measured = report.projects.some(({ rows }) => rows.some(({ rounds }) => rounds > 0));
  // What is new, as all is where perfkeel is new, has nothing in base to be held against.
  if (!isNews(report) && report.projects.every(({ rows }) => rows.length === 0)) {
    return `### ${signs.pass} perf: nothing to compare with yet${counts === '' ? '' : ` · ${counts}`}`;
  }
  if (!measured && !isNews(report)) {
    return `### ${signs.pass} perf: nothing that is measured was affected${counts === '' ? '' : ` · ${counts}`}`;
  }
  const undecided = report.projects.some(({ verdict }) => verdict === 'inconclusive');
  const warned = report.projects.some(({ verdict }) => verdict === 'warn');
  const sign = isUrgent(report) ? signs.fail : undecided ? signs.inconclusive : warned ? signs.warn : signs.pass;
  const quiet = isNews(report) ? '' : ' · no action needed';
  const warning = onlyWarning(report).length;
  const apart = warning > 0 ? `${plural(warning, 'project')} with a warning` : '';
  const said = [counts, apart].filter((part) => part !== '').join(' · ');
  return `### ${sign} perf: ${said === '' ? 'nothing had to be measured' : said}${quiet}`;
}

function failuresTable(report: CiReport, room: Room): string {
  const failures = failuresOf(report);
  if (failures.length === 0) return '';
  const rows = failures.map(({ project, row }) => [
    signOfVerdict('could-not-measure'),
    nameOf(report, project, row.benchmark ?? project.project, room),
    escapeMarkdown(row.message, room.reason),
  ]);
  return markdownTable(['', 'could not be measured', 'why'], rows);
}

function objectivesTable(report: CiReport, room: Room): string {
  const all = objectivesOf(report);
  const urgent = all.filter(({ row }) => row.verdict === 'fail' || row.verdict === 'could-not-measure');
  const others = all.filter((each) => !urgent.includes(each));
  const shown = [...urgent, ...others.slice(0, room.others)];
  const more =
    others.length > room.others ? `\n\n${others.length - room.others} more objectives in the job summary.` : '';
  if (shown.length === 0) return more.trim();
  const rows = shown.map(({ project, row }) => [
    signOfVerdict(row.verdict),
    nameOf(report, project, row.benchmark, room),
    escapeMarkdown(row.objective, room.name),
    escapeMarkdown(row.message, room.reason),
  ]);
  return markdownTable(['', 'benchmark', 'objective', 'value and limit'], rows) + more;
}

function rowsPart(report: CiReport, room: Room): string {
  const failing = rowsOf(report, 'failing');
  const others = fates.filter((fate) => fate !== 'failing' && fate !== 'quiet').flatMap((fate) => rowsOf(report, fate));
  const shown = [...failing, ...others.slice(0, Math.max(0, room.others - failing.length))];
  const more = failing.length + others.length - shown.length;
  const rest = more > 0 ? `${shown.length > 0 ? '\n\n' : ''}${more} more in the job summary.` : '';
  return (shown.length > 0 ? rowsTable(report, shown, room) : '') + rest;
}
