import { escapeMarkdown } from '@perfkeel/report';
import { describeCause, type AffectedSelection, type Choice } from '@perfkeel/runner';
import pc from 'picocolors';
import { oneLine, type Look } from '../io.ts';

const isRun = ({ decision }: Choice): boolean => decision === 'run';
const mostIgnored = 6;

/** What is chosen, for a terminal: one line for each perf file, and what was ignored. */
export function selectionText(selection: AffectedSelection, { colour }: Pick<Look, 'colour'>): string {
  const { choices, gone } = selection;
  const colours = pc.createColors(colour);
  const width = Math.max(0, ...choices.map((choice) => placeOf(choice).length));
  const lines = choices.map((choice) => {
    const place = oneLine(placeOf(choice)).padEnd(width);
    const why = oneLine(whyOf(choice));
    return isRun(choice) ? `${colours.green('run')}   ${place}  ${why}` : colours.dim(`skip  ${place}  ${why}`);
  });
  const all = ignoredChanges(selection);
  const more = all.length - mostIgnored;
  const ignored = [...all.slice(0, mostIgnored), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return `${[
    headline(selection),
    ...lines,
    ...gone.map((file) => `gone  ${oneLine(file)}`),
    ...(ignored === '' ? [] : [colours.dim(`ignored: ${oneLine(ignored)}`)]),
    ...(choices.length === 0 ? ['There are no perf files.'] : []),
  ].join('\n')}\n`;
}

const placeOf = ({ project, file }: Choice): string => `${project}: ${file}`;
/** Why a perf file runs, or that nothing changed for it. */
export const whyOf = ({ cause }: Choice): string => (cause === undefined ? 'no changed input' : describeCause(cause));

/** What was counted from where, and how much of it is measured. */
export function headline({ base, changes, choices, unsure }: AffectedSelection): string {
  const running = choices.filter(isRun).length;
  const from = base === undefined ? '' : ` since ${base.sha.slice(0, 7)} (${base.reason})`;
  const counted = `${changes.length} changed file${changes.length === 1 ? '' : 's'}${from}`;
  const all = `${running} of ${choices.length} perf file${choices.length === 1 ? '' : 's'} affected`;
  return oneLine(unsure === undefined ? `${counted}: ${all}` : `Unsure what changed, so everything runs: ${unsure}`);
}

/** Changes of which no perf file takes notice, as far as their class says so. */
export function ignoredChanges({ changes, choices }: AffectedSelection): readonly string[] {
  const causes = new Set(choices.map(({ cause }) => cause?.what));
  return changes.filter(({ path, class: kind }) => kind === 'inert' && !causes.has(path)).map(({ path }) => path);
}

/** Paths may be long, and are to be found again. */
const escaped = (text: string): string => escapeMarkdown(text, 1000);

/** The same as Markdown for a pull request: what runs and why, and what was not measured, which is not what is gone. */
export function selectionMarkdown(selection: AffectedSelection): string {
  const [running, skipped] = [selection.choices.filter(isRun), selection.choices.filter((one) => !isRun(one))];
  const row = (choice: Choice): string =>
    `| ${escaped(choice.project)} | ${escaped(choice.file)} | ${escaped(whyOf(choice))} |`;
  const table = (choices: readonly Choice[]): string[] => [
    '| project | perf file | why |',
    '| --- | --- | --- |',
    ...choices.map(row),
  ];
  return `${[
    `${escaped(headline(selection))}.`,
    ...(running.length === 0 ? [] : ['', ...table(running)]),
    ...(skipped.length === 0
      ? []
      : [
          '',
          `<details><summary>${skipped.length} not measured: no changed input</summary>`,
          '',
          ...table(skipped),
          '',
          '</details>',
        ]),
    ...(selection.gone.length === 0 ? [] : ['', `Gone: ${selection.gone.map(escaped).join(', ')}.`]),
  ].join('\n')}\n`;
}
