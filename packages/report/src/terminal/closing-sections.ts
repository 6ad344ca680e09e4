import type { Report } from '@perfkeel/core';
import { environmentPhrases, revisionOf } from '../view/environment-words.ts';
import { nextSteps } from '../view/next-steps.ts';
import { nameSome, remarksOf } from '../view/remarks.ts';
import type { AdviceByRow } from './objective-advice.ts';
import { saidRemarks } from './said-remarks.ts';
import type { Terminal, TerminalOptions } from './terminal.ts';
import { pad, visibleWidth } from './text-width.ts';

/** Remarks about measurements: none of them stops anything, none of them is silent. What stands under an objective is not repeated. */
export function remarksSection(report: Report, term: Terminal, advice: AdviceByRow): readonly string[] {
  const remarks = remarksOf(report, term.verbose, saidRemarks(report, advice));
  if (remarks.length === 0) return [];
  const lines = remarks.flatMap(({ message, about }) => {
    const subject = about.length === 0 ? '' : `${nameSome(about.map((name) => term.name(name, 40)))}: `;
    return term.prose(subject + message, 5, '   !');
  });
  return [term.bold(' Remarks'), ...lines];
}

/** Machine and revision in one line, and what makes the machine doubtful. */
export function environmentSection({ run }: Report, term: Terminal): readonly string[] {
  const { environment, provenance } = run;
  const [first = '', ...rest] = term.phrases(environmentPhrases(environment), 9, ` ${term.glyphs.dot} `);
  const revision = revisionOf(provenance);
  return [
    term.bold(' Machine') + first.slice(8),
    ...rest,
    ...environment.warnings.flatMap(({ message }) => term.prose(message, 11, '         !').map(term.yellow)),
    ...(revision === '' ? [] : term.prose(revision, 9, term.bold(' Code'))),
  ];
}

/** Where the report lies and what to type next. */
export function nextSection(report: Report, term: Terminal, options: TerminalOptions): readonly string[] {
  const html = options.paths?.html;
  const steps = nextSteps(report, options.stored).filter(
    ({ command }) =>
      (html === undefined || !command.startsWith('perfkeel report')) &&
      (options.declared !== false || !command.startsWith('perfkeel run')),
  );
  const widest = Math.max(...steps.map(({ command }) => visibleWidth(term.clean(command))), 0);
  const beside = steps.every(({ purpose }) => 9 + widest + 2 + visibleWidth(purpose) <= term.width);
  const lines = steps.flatMap(({ command, purpose }, i) => {
    const lead = i === 0 ? term.bold(' Next') : '';
    const text = term.clean(command);
    if (!beside) return [...term.prose(text, 9, lead), ...term.prose(purpose, 11).map(term.dim)];
    return [`${lead}${' '.repeat(9 - visibleWidth(lead))}${pad(text, widest)}  ${term.dim(purpose)}`];
  });
  return [...(html === undefined ? [] : term.prose(html, 9, term.bold(' Report'))), ...lines];
}
