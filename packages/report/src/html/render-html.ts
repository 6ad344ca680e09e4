import type { Report } from '@perfkeel/core';
import { el, script, style, text, type Markup } from '../markup/markup.ts';
import { defaultNoChange } from '../view/comparison-row.ts';
import { reportVerdict, verdictTitles } from '../view/verdict-words.ts';
import { adviceSection } from './advice-section.ts';
import { benchmarkSections } from './benchmark-section.ts';
import { environmentSection, nextSection, provenanceSection, remarksSection } from './closing-sections.ts';
import { comparisonSection } from './comparison-section.ts';
import { familiesSection } from './families-section.ts';
import { failuresSection } from './failures-section.ts';
import { groupsSection } from './groups-section.ts';
import { objectivesSection } from './objectives-section.ts';
import { protocolsSection } from './protocols-section.ts';
import { pageScript } from './script.ts';
import { sha256 } from './sha256.ts';
import { styleSheet } from './style.ts';
import { verdictSection } from './verdict-section.ts';

export interface HtmlOptions {
  /** What counts as no change, as a ratio. @default 0.05 */
  readonly noChange?: number | undefined;
  /** The folder that places in files are shown relative to. */
  readonly root?: string | undefined;
}

// Nothing is loaded, and only the one style sheet and the one script of this package count: not even a page that got a
// name past the escaping could do more.
const policy = `default-src 'none'; style-src 'sha256-${sha256(`\n${styleSheet}`)}'; script-src 'sha256-${sha256(`\n${pageScript}`)}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as one self-contained page: nothing loaded, readable offline and without scripts, in the dark and on paper.
 * Every drawing has a title, a sentence and its data as a table; the script only points at them.
 */
export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const title = `${verdictTitles[reportVerdict(report)]} ${report.run.provenance.project}`;
  const head = el(
    'head',
    {},
    el('meta', { charset: 'utf-8' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('title', {}, text(title)),
    style(styleSheet),
  );
  const page = el('body', {}, body(report, options), script(pageScript));
  return `<!doctype html>\n${el('html', { lang: 'en' }, head, page)}`;
}

const body = (report: Report, { noChange = defaultNoChange, root }: HtmlOptions): Markup =>
  el(
    'main',
    {},
    verdictSection(report),
    objectivesSection(report),
    adviceSection(report),
    failuresSection(report, root),
    comparisonSection(report, noChange),
    benchmarkSections(report),
    protocolsSection(report),
    groupsSection(report),
    familiesSection(report),
    remarksSection(report),
    environmentSection(report),
    provenanceSection(report),
    nextSection(report),
  );
