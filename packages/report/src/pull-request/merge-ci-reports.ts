import { ciReportVersion, type CiProject, type CiReport, type CiSelection } from './ci-report.ts';

/** What one job wrote, and the name of its folder. */
export interface CiPart {
  readonly name: string;
  readonly report: CiReport;
}

/**
 * Joins what several jobs found: legs of a matrix, or parts of a monorepo. Each project that occurs more than once is
 * told apart by its leg, else by the name of the folder. What one job measured is not skipped because another one did
 * not. In the order of the parts; what the jobs say differently of base is a note.
 */
export function mergeCiReports(parts: readonly CiPart[]): CiReport {
  const counts = new Map<string, number>();
  for (const { report } of parts)
    for (const { project } of report.projects) counts.set(project, (counts.get(project) ?? 0) + 1);
  const projects = parts.flatMap(({ name, report }) =>
    report.projects.map((project): CiProject =>
      counts.get(project.project) === 1 ? project : { leg: name, ...project },
    ),
  );
  const skipped = new Map(
    parts
      .flatMap(({ report }) => report.skipped)
      .filter(({ project }) => !counts.has(project))
      .map((one) => [one.project, one]),
  );
  const reports = parts.map(({ report }) => report);
  const base = reports.find((report) => report.base)?.base;
  const head = reports.find((report) => report.head)?.head;
  return {
    schemaVersion: ciReportVersion,
    tool: reports[0]?.tool ?? 'perfkeel',
    event: reports[0]?.event ?? 'local',
    ...(base ? { base } : {}),
    ...(head ? { head } : {}),
    projects,
    skipped: [...skipped.values()],
    ...joinedSelection(reports),
    notes: [...new Set([...disagreements(reports), ...reports.flatMap(({ notes }) => notes)])],
  };
}

/** A perf file that ran in one job was not left out; one job that ran everything leaves nothing to say. */
function joinedSelection(reports: readonly CiReport[]): { readonly selection?: CiSelection } {
  const selections = reports.flatMap(({ selection }) => selection ?? []);
  if (selections.length === 0 || selections.length < reports.length) return {};
  const choices = new Map<string, CiSelection['choices'][number]>();
  for (const choice of selections.flatMap((selection) => selection.choices)) {
    const key = `${choice.project}\n${choice.file}`;
    if (choices.get(key)?.decision !== 'run') choices.set(key, choice);
  }
  const unsure = selections.find((selection) => selection.unsure !== undefined)?.unsure;
  const all = (field: 'gone' | 'ignored'): string[] => [...new Set(selections.flatMap((one) => one[field]))];
  return {
    selection: {
      ...{ choices: [...choices.values()], gone: all('gone'), ignored: all('ignored') },
      ...(unsure === undefined ? {} : { unsure }),
    },
  };
}

function disagreements(reports: readonly CiReport[]): readonly string[] {
  const different = (of: (report: CiReport) => string | undefined): boolean =>
    new Set(reports.map(of).filter((value) => value !== undefined)).size > 1;
  return [
    ...(different(({ base }) => base?.sha) ? ['The jobs compared with different bases.'] : []),
    ...(different(({ head }) => head?.sha) ? ['The jobs measured different commits.'] : []),
    ...(different(({ tool }) => tool) ? ['The jobs ran different versions of perfkeel.'] : []),
  ];
}
