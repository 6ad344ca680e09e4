import { expect, test } from 'vitest';
import { failing } from '../../test/support/fixtures.ts';
import type { CiReport } from './ci-report.ts';
import { encodeCiReport, parseCiReport } from './parse-ci-report.ts';
import { renderPullRequest } from './render-pull-request.ts';
import { summariseReport } from './summarise-report.ts';

const project = summariseReport(failing(), { folder: '', exitCode: 1, toplevel: '/srv/shop' });
const report: CiReport = {
  ...{ schemaVersion: 1, tool: 'perfkeel', event: 'local', projects: [project], skipped: [], notes: [] },
};
const folded = (text: string): string | undefined =>
  /<details><summary>What stands behind it<\/summary>\n\n([\s\S]*?)\n\n<\/details>/.exec(text)?.[1];

test('what to try first stands in the comment, folded away, the missed before the open', () => {
  const lines = folded(renderPullRequest(report))!.split('\n');
  const told = project.objectives.filter(({ attempt }) => attempt !== undefined);
  expect(told.length).toBeGreaterThan(1);
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(told.length);
  expect(lines[0]).toContain(told.find(({ verdict }) => verdict === 'fail')!.benchmark);
  expect(lines.filter((line) => line.startsWith('  - *Try:* '))).toHaveLength(told.length);
});

test('it survives the file between two jobs', () => {
  expect(parseCiReport(encodeCiReport(report), 'comparison.json').projects[0]!.objectives).toEqual(project.objectives);
});

test('there is nothing to say of objectives without advice, and of ever so many not much', () => {
  const [first] = project.objectives;
  const withObjectives = (objectives: typeof project.objectives): string =>
    renderPullRequest({ ...report, projects: [{ ...project, objectives }] });
  const { benchmark, objective, verdict, message } = first!;
  expect(folded(withObjectives([{ benchmark, objective, verdict, message }]))).toBeUndefined();
  const many = Array.from({ length: 50 }, (_, i) => ({ ...first!, benchmark: `b${i}`, attempt: 'Look.' }));
  expect(folded(withObjectives(many))).toMatch(/\n- and 40 more$/);
});
