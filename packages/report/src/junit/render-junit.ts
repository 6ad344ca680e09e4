import { shownEffect, shownWords } from '../view/shown-effect.ts';
import { text as escapeText } from '../markup/markup.ts';
import type { CiProject, CiReport, CiRow } from '../pull-request/ci-report.ts';
import { fateOf } from '../pull-request/rank-rows.ts';

/**
 * The report as JUnit XML, which nearly every CI system shows: a suite for each project, a case for each compared metric,
 * for each objective and for each failure. Regressed or missed is a failure, undecided is
 * skipped, not measured is an error. The numbers are in the properties of the case. A perf file that nothing changed for is
 * skipped in a suite of its own: it did not run, and is not gone.
 */
export function renderJunit(report: CiReport): string {
  const suites = report.projects.map(suiteOf);
  const body = [...(suites.length > 0 ? suites : [emptySuite(report)]), ...notRunSuite(report)];
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="perfkeel">', ...body, '</testsuites>', ''].join(
    '\n',
  );
}

/** What XML 1.0 cannot hold at all, and half characters. */
const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text as the value of an attribute. */
const value = (text: string): string => escapeText(text.replace(forbidden, '')).replace(/[\n\r\t]+/g, ' ');

interface Case {
  readonly classname: string;
  readonly name: string;
  readonly outcome: 'failure' | 'error' | 'skipped' | 'passed';
  /** Of a failure. @default 'regression' */
  readonly type?: string | undefined;
  readonly message?: string | undefined;
  readonly properties?: Readonly<Record<string, number | undefined>>;
}

function emptySuite({ skipped }: CiReport): string {
  const affected = skipped.length > 0;
  const message = affected ? 'nothing that is measured was affected' : 'nothing ran';
  return suiteText('perfkeel', [
    { classname: 'perfkeel', name: 'measuring', outcome: affected ? 'skipped' : 'error', message },
  ]);
}

function notRunSuite({ selection }: CiReport): readonly string[] {
  const cases = (selection?.choices ?? [])
    .filter(({ decision }) => decision === 'skip')
    .map(({ project, file, why }): Case => ({ classname: project, name: file, outcome: 'skipped', message: why }));
  return cases.length === 0 ? [] : [suiteText('not run', cases)];
}

const suiteOf = (project: CiProject): string =>
  suiteText(project.leg === undefined ? project.project : `${project.project} (${project.leg})`, [
    ...project.rows.map(rowCase),
    ...project.objectives.map(({ benchmark, objective, verdict, message }): Case => ({
      classname: benchmark,
      name: objective,
      outcome:
        verdict === 'fail' || verdict === 'could-not-measure'
          ? 'failure'
          : verdict === 'inconclusive'
            ? 'skipped'
            : 'passed',
      type: 'missed-objective',
      message,
    })),
    ...(project.kept ?? []).map(({ benchmark, objective }): Case => ({
      classname: benchmark,
      name: objective,
      outcome: 'passed',
    })),
    ...project.failures.map(({ benchmark, message }): Case => ({
      classname: benchmark ?? project.project,
      name: 'measuring',
      outcome: 'error',
      message,
    })),
  ]);

function rowCase(row: CiRow): Case {
  const fate = fateOf(row);
  const { effect, unit, base } = row;
  const shown = effect && shownEffect(effect, unit, base);
  return {
    classname: row.benchmark,
    name: `${row.metric} ${row.statistic}`,
    outcome: fate === 'failing' ? 'failure' : fate === 'undecided' ? 'skipped' : 'passed',
    message: [shown ? shownWords(shown) : '', row.acceptance?.message ?? row.reason ?? ''].filter(Boolean).join(': '),
    properties: {
      ...{ base: row.base, head: row.head, change: effect?.value, lo: effect?.lo, hi: effect?.hi },
      difference: shown?.difference?.value,
    },
  };
}

function suiteText(name: string, cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']): number => cases.filter((each) => each.outcome === outcome).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return [`  <testsuite name="${value(name)}" ${counts}>`, ...cases.map(caseText), '  </testsuite>'].join('\n');
}

function caseText({ classname, name, outcome, type: kind, message = '', properties = {} }: Case): string {
  const pairs = Object.entries(properties).filter(([, number]) => number !== undefined);
  const type =
    outcome === 'failure' ? ` type="${kind ?? 'regression'}"` : outcome === 'error' ? ' type="not-measured"' : '';
  const inner = [
    ...(pairs.length > 0
      ? [
          '      <properties>',
          ...pairs.map(([key, number]) => `        <property name="${key}" value="${number}"/>`),
          '      </properties>',
        ]
      : []),
    ...(outcome === 'passed' ? [] : [`      <${outcome}${type} message="${value(message)}"/>`]),
  ];
  const open = `    <testcase classname="${value(classname)}" name="${value(name)}"`;
  return inner.length === 0 ? `${open}/>` : [`${open}>`, ...inner, '    </testcase>'].join('\n');
}
