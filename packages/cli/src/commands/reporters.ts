import { appendFile } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError, type Report } from '@perfkeel/core';
import {
  ciReportVersion,
  renderAnnotations,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderTerminal,
  summariseReport,
  type TerminalOptions,
} from '@perfkeel/report';
import { lookOf, type Io, type Look } from '../io.ts';
import { readVersion } from '../version.ts';
import { makeFolderOf, writeOut } from '../write-out.ts';
import { closest } from './closest.ts';
import { endLines, isBegun } from './event-lines.ts';

/** One output of a run: to stdout, or into a file (absolute). */
export interface Reporter {
  readonly name: string;
  readonly file?: string | undefined;
}

export interface ReportContext {
  /** The folder of the project. */
  readonly root: string;
  readonly noChange: number;
  readonly exitCode: number;
  readonly terminal: Pick<TerminalOptions, 'verbose' | 'stored' | 'declared' | 'paths'>;
}

type Render = (report: Report, context: ReportContext, look: Look) => string;

const terminal: Render = (report, { terminal, noChange }, look) =>
  renderTerminal(report, { ...terminal, ...look, noChange });

const renderers = {
  terminal,
  plain: (report, context, { width }) => terminal(report, context, { colour: false, unicode: false, width }),
  ndjson: (report, { exitCode }) => endLines(report, exitCode),
  json: (report) => renderJson(report),
  markdown: (report, { root }) => renderMarkdown(report, { root }),
  html: (report, { root, noChange }) => renderHtml(report, { root, noChange }),
  junit: (report, context) => renderJunit(ciReportOf(report, context, context.root)),
  github: (report, context) => renderAnnotations(ciReportOf(report, context, context.root)),
} satisfies Record<string, Render>;

type Name = keyof typeof renderers;
const names = Object.keys(renderers) as readonly Name[];

/** Every form that a run can be written in. */
export const reporterNames: readonly string[] = names;

const isName = (text: string): text is Name => (names as readonly string[]).includes(text);

/** They may stand on stdout together: the last two are lines among others. */
const forPeople: readonly string[] = ['terminal', 'plain', 'github'];

/** A file is no screen: it is read where nobody knows how wide it was. */
const fileLook: Look = { colour: false, unicode: true, width: 100 };

/** What a summary for CI is made of: places from the top of the checkout, which annotations need. */
function ciReportOf(report: Report, { exitCode }: ReportContext, toplevel: string): Parameters<typeof renderJunit>[0] {
  const project = summariseReport(report, { folder: '', exitCode, toplevel });
  return {
    schemaVersion: ciReportVersion,
    tool: `perfkeel ${readVersion()}`,
    event: 'local',
    projects: [project],
    skipped: [],
    notes: [],
  };
}

export interface ReporterOptions {
  readonly reporter?: readonly string[];
  readonly json?: boolean;
}

/**
 * The outputs that are asked for, `terminal,html=report.html`; without any the terminal, and annotations on GitHub.
 *
 * @throws PerfError `bad-option`, exit code 2, before anything is measured.
 */
export function reportersOf({ reporter, json = false }: ReporterOptions, io: Io): readonly Reporter[] {
  const onGithub = io.env['GITHUB_ACTIONS'] === 'true' ? [{ name: 'github' }] : [];
  if (reporter === undefined) return json ? [{ name: 'json' }] : [{ name: 'terminal' }, ...onGithub];
  if (json) throw bad('--json and --reporter both say what is printed', 'Write --reporter json.');
  const asked = reporter.flatMap((list) => list.split(',')).map((text) => reporterOf(text.trim(), io));
  const printed = asked.filter(({ file }) => file === undefined).map(({ name }) => name);
  if (printed.length > 1 && printed.some((name) => !forPeople.includes(name))) {
    throw bad(`${printed.join(' and ')} would be mixed on stdout`, `Give one a file: ${printed.at(-1)}=FILE.`);
  }
  const files = asked.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, i) => files.indexOf(file) < i);
  if (twice !== undefined) throw bad(`two reporters would write ${twice}`, 'Give each a file of its own.');
  return asked;
}

/** Where what happens during a run is told as it happens. */
export const eventPlaces = (options: ReporterOptions, io: Io): readonly Reporter[] =>
  reportersOf(options, io).filter(({ name }) => name === 'ndjson');

function reporterOf(text: string, io: Io): Reporter {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (!isName(name)) {
    const meant = closest(name, names);
    throw bad(
      `there is no reporter ${JSON.stringify(name)}`,
      meant === undefined ? `There are ${names.join(', ')}, each with =FILE if you like.` : `Did you mean ${meant}?`,
    );
  }
  if (at < 0) return { name };
  const file = resolve(io.cwd, text.slice(at + 1));
  if (text.length === at + 1 || (existsSync(file) && statSync(file).isDirectory())) {
    throw bad(`the file of the reporter ${name} is none: ${JSON.stringify(text)}`, `Write ${name}=FILE.`);
  }
  return { name, file };
}

const bad = (message: string, hint: string): Error =>
  usageError(message, { code: 'bad-option', hint: `${hint} See perfkeel help reporters.` });

/** Prints and writes a report in every form that is asked for. Returns what went wrong: the others are still written. */
export async function writeReports(
  report: Report,
  reporters: readonly Reporter[],
  context: ReportContext,
  io: Io,
): Promise<unknown> {
  let problem: unknown;
  for (const { name, file } of reporters) {
    const render: Render = renderers[name as Name];
    const own = name === 'github' ? { ...context, root: io.env['GITHUB_WORKSPACE'] ?? context.root } : context;
    const text = render(report, own, file === undefined ? lookOf(io.stdout, io.env) : fileLook);
    if (file === undefined) {
      io.stdout.write(text);
      continue;
    }
    const failed = await writeInto(file, text);
    problem ??= failed;
  }
  return problem;
}

async function writeInto(file: string, text: string): Promise<unknown> {
  try {
    makeFolderOf(file);
    // Behind the events of the run, which are there already.
    if (isBegun(file)) await appendFile(file, text);
    else await writeOut(file, text);
    return undefined;
  } catch (error) {
    return error;
  }
}
