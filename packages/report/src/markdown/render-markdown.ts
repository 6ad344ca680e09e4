import type { Report } from '@perfkeel/core';
import { changesPart } from './comparison-part.ts';
import {
  comparedDetail,
  componentsDetail,
  environmentDetail,
  familiesDetail,
  groupsDetail,
  measurementsDetail,
  protocolsDetail,
} from './detail-sections.ts';
import {
  advicePart,
  failuresPart,
  nextPart,
  objectivesPart,
  remarksPart,
  verdictPart,
  type Section,
} from './sections.ts';

export interface MarkdownOptions {
  /** The folder that places in files are shown relative to. */
  readonly root?: string | undefined;
}

/** GitHub refuses comments above 65 536 characters. */
export const markdownBudget = 60_000;

const parts: readonly Section[] = [
  verdictPart,
  objectivesPart,
  failuresPart,
  changesPart,
  advicePart,
  remarksPart,
  nextPart,
];

/** The most useful first: the last are dropped first. */
const detailParts: readonly Section[] = [
  protocolsDetail,
  groupsDetail,
  familiesDetail,
  componentsDetail,
  environmentDetail,
  comparedDetail,
  measurementsDetail,
];

const droppedNote = 'Some details were left out for length; the HTML report has all.';

/** How many rows a table may have, tried in this order. */
const rowLimits = [Infinity, 300, 100, 30, 10];

/**
 * The report as GitHub Markdown, for a comment or a job summary. The first line says whether to read on. Always under
 * 60 000 characters: details go first, then rows, the worst being kept longest.
 */
export function renderMarkdown(report: Report, { root }: MarkdownOptions = {}): string {
  for (const rows of rowLimits) {
    const main = parts.map((part) => part(report, rows, root)).filter((text) => text !== '');
    if (lengthOf([...main, droppedNote]) <= markdownBudget) return finish(report, main);
  }
  return cutAtLine(parts.map((part) => part(report, rowLimits.at(-1)!, root)).join('\n\n'));
}

const lengthOf = (texts: readonly string[]): number => texts.join('\n\n').length + 1;

/** Adds the details that fit. */
function finish(report: Report, main: readonly string[]): string {
  const wanted = detailParts.map((part) => part(report, Infinity)).filter((text) => text !== '');
  const chosen: string[] = [];
  for (const text of wanted) {
    if (lengthOf([...main, ...chosen, text, droppedNote]) <= markdownBudget) chosen.push(text);
  }
  const note = chosen.length < wanted.length ? [droppedNote] : [];
  return `${[...main, ...chosen, ...note].join('\n\n')}\n`;
}

/** When even the shortest form is too long: whole lines from the front. */
function cutAtLine(text: string): string {
  const front = text.slice(0, markdownBudget - droppedNote.length - 3);
  return `${front.slice(0, Math.max(front.lastIndexOf('\n'), 0))}\n\n${droppedNote}\n`;
}
