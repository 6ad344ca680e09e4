import type { Report } from '@perfkeel/core';
import { environmentSection, nextSection, remarksSection } from './closing-sections.ts';
import { comparisonSection } from './comparison-section.ts';
import { evidenceSection } from './evidence-section.ts';
import { familiesSection } from './families-section.ts';
import { failuresSection } from './failures-section.ts';
import { groupsSection } from './groups-section.ts';
import { adviceByRow } from './objective-advice.ts';
import { objectivesSection } from './objectives-section.ts';
import { protocolsSection } from './protocols-section.ts';
import { createTerminal, type TerminalOptions } from './terminal.ts';
import { verdictSection } from './verdict-section.ts';

/**
 * The report as text for a terminal or a log: verdict, objectives, what could not be measured, changes, evidence,
 * machine, what to do next. No line is wider than `width`; names from outside cannot smuggle in control characters.
 *
 * @returns lines that end in a newline
 */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const term = createTerminal(options);
  const advice = adviceByRow(report, options);
  const sections = [
    verdictSection(report, term),
    objectivesSection(report, term, advice),
    failuresSection(report, term),
    comparisonSection(report, term, options.noChange),
    evidenceSection(report, term),
    protocolsSection(report, term),
    groupsSection(report, term),
    familiesSection(report, term),
    remarksSection(report, term, advice),
    environmentSection(report, term),
    nextSection(report, term, options),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
