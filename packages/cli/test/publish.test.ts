import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeCiReport, type CiProject, type CiReport } from '@perfkeel/report';
import { mergeCommand } from '../src/commands/merge.ts';
import { publishCommand, type PublishOptions } from '../src/commands/publish.ts';
import type { Io } from '../src/io.ts';
import { botLogin, fakeToken, startFakeGithub, type FakeGithub } from './support/fake-github.ts';

const sha = 'a'.repeat(40);
const marker = '<!-- perfkeel:v1:main -->';

let github: FakeGithub;
let folder: string;
let [stdout, stderr] = ['', ''];
beforeEach(async () => {
  github = await startFakeGithub();
  github.pulls = [pull()];
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')));
  [stdout, stderr] = ['', ''];
  write('event.json', JSON.stringify(event()));
  write('in/comparison.json', encodeCiReport(slower()));
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const pull = (number = 7, head = sha, from = 'fork/shop'): unknown => ({
  ...{ number, state: 'open', head: { sha: head, repo: { full_name: from } } },
  base: { repo: { full_name: 'owner/shop' } },
});
/** As GitHub sends it for a fork: the list of pull requests is empty. */
const event = (part: object = {}): object => ({
  repository: { full_name: 'owner/shop' },
  workflow_run: {
    ...{ id: 100, run_attempt: 1, event: 'pull_request', head_sha: sha, head_branch: 'patch-1', pull_requests: [] },
    head_repository: { full_name: 'fork/shop' },
    ...part,
  },
});

const row: CiProject['rows'][number] = {
  ...{ benchmark: 'orders', label: 'orders p99', metric: 'response-time', statistic: 'p99', unit: 'ns', rounds: 12 },
  ...{ base: 1e6, head: 2e6, effect: { value: 1, lo: 0.9, hi: 1.1 }, decision: 'regressed', verdict: 'fail' },
};
const reportOf = (project: Partial<CiProject>): CiReport => ({
  ...{ schemaVersion: 1, tool: 'perfkeel 0.1.0', event: 'pull request', skipped: [], notes: [] },
  projects: [
    {
      ...{ project: 'shop', folder: '', why: [], verdict: 'pass', exitCode: 0, rows: [], objectives: [] },
      ...{ failures: [], warnings: [], environment: [], ...project },
    },
  ],
});
const slower = (): CiReport => reportOf({ verdict: 'fail', exitCode: 1, rows: [row] });
const fine = (): CiReport => reportOf({ rows: [{ ...row, decision: 'unchanged', verdict: 'pass' }] });

const io = (env: Record<string, string> = {}): Io => ({
  cwd: folder,
  env: { GITHUB_TOKEN: fakeToken, GITHUB_API_URL: github.url, ...env },
  stdout: { write: (text) => (stdout += text) },
  stderr: { write: (text) => (stderr += text) },
  onSignal: () => undefined,
});
const publish = (options: PublishOptions = {}, env?: Record<string, string>): Promise<number> =>
  publishCommand({ from: 'in', event: 'event.json', ...options }, io(env));
const bodies = (): string[] => github.comments.map(({ body }) => body);

describe('perfkeel publish', () => {
  it('writes one comment on the pull request of a fork, and keeps it up to date', async () => {
    expect(await publish()).toBe(0);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]!.split('\n').slice(0, 4)).toEqual([
      marker,
      '<!-- perfkeel-run:100.1 -->',
      '',
      '### ❌ perf: 1 regression to look at',
    ]);
    expect(stdout).toBe('pull request 7: comment written\n');
    write('event.json', JSON.stringify(event({ id: 101 })));
    write('in/comparison.json', encodeCiReport(fine()));
    expect(await publish()).toBe(0);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain('### ✅ perf: 1 unchanged · no action needed');
  });

  it('leaves a comment of a later run alone', async () => {
    github.add(botLogin, `${marker}\n<!-- perfkeel-run:200.1 -->\nlater`);
    await publish();
    expect(bodies()).toEqual([`${marker}\n<!-- perfkeel-run:200.1 -->\nlater`]);
    expect(stdout).toContain('of a later run');
  });

  it('says nothing where nothing changed and no comment is to be corrected; always says it', async () => {
    write('in/comparison.json', encodeCiReport(fine()));
    await publish();
    expect(bodies()).toEqual([]);
    await publish({ comment: 'always' });
    expect(bodies()).toHaveLength(1);
  });

  it('finds its comment behind more than a hundred others', async () => {
    for (let i = 0; i < 230; i++) github.add('person', `comment ${i}`);
    const own = github.add(botLogin, `${marker}\n<!-- perfkeel-run:1.1 -->\nold`);
    await publish();
    expect(own.body).toContain('1 regression');
    expect(github.comments).toHaveLength(231);
  });

  it('a marker of another author is no comment of ours', async () => {
    const spoofed = github.add('mallory', `${marker}\n<!-- perfkeel-run:999.9 -->\nall is fine`);
    const namesake = github.add('github-actions', `${marker}\nall is fine`);
    await publish();
    expect([spoofed.body, namesake.body].every((body) => body.endsWith('all is fine'))).toBe(true);
    expect(github.comments).toHaveLength(3);
    expect(github.requests.filter((request) => request.startsWith('PATCH'))).toEqual([]);
  });

  it('two jobs at the same moment leave one comment', async () => {
    github.beforeCreate = () => {
      github.beforeCreate = undefined;
      github.add(botLogin, `${marker}\n<!-- perfkeel-run:100.0 -->\nother`);
    };
    await publish();
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain('perfkeel-run:100.1');
    github.comments.length = 0;
    await Promise.all([publish(), publish(), publish(), publish()]);
    await publish();
    expect(bodies()).toHaveLength(1);
  });

  it('where to publish comes from the event, and only for a head that is still the newest', async () => {
    for (const pulls of [[pull(7, 'b'.repeat(40))], [pull(7, sha, 'someone/else')], []]) {
      github.pulls = pulls;
      expect(await publish({ strict: true })).toBe(0);
    }
    write('event.json', JSON.stringify(event({ event: 'push' })));
    github.pulls = [pull()];
    expect(await publish({ strict: true })).toBe(0);
    expect(stdout.match(/nothing to publish/g)).toHaveLength(4);
    expect(bodies()).toEqual([]);
  });

  it('a report that claims another pull request is no report', async () => {
    write('in/comparison.json', encodeCiReport({ ...slower(), pullRequest: 1 } as never));
    expect(await publish({ strict: true })).toBe(4);
    expect(stderr).toMatch(/the run left no result that can be read: .*pullRequest is not a known field/);
    expect(github.requests.some((request) => request.startsWith('POST /repos'))).toBe(false);
  });

  it('an artifact with links, or without a report, is refused', async () => {
    symlinkSync('/etc/passwd', join(folder, 'in/run.json'));
    expect(await publish({ strict: true })).toBe(4);
    rmSync(join(folder, 'in'), { recursive: true });
    symlinkSync(folder, join(folder, 'in'));
    expect(await publish({ strict: true })).toBe(4);
    mkdirSync(join(folder, 'empty'));
    expect(await publish({ strict: true, from: 'empty' })).toBe(4);
    expect(stderr).toMatch(/a link or a device[\s\S]*is no folder[\s\S]*there is no comparison\.json/);
    expect(bodies()).toEqual([]);
  });

  it('a run that left no result corrects the comment of an earlier commit, and writes none of its own', async () => {
    rmSync(join(folder, 'in'), { recursive: true });
    expect(await publish()).toBe(0);
    expect(bodies()).toEqual([]);
    const old = github.add(botLogin, `${marker}\n<!-- perfkeel-run:99.1 -->\n\n### ✅ perf: 1 unchanged`);
    expect(await publish({ strict: true })).toBe(4);
    expect(old.body).toContain('<!-- perfkeel-run:100.1 -->');
    expect(old.body).toContain('this commit could not be measured');
    expect(old.body).not.toContain('unchanged');
    expect(stderr).toMatch(/the run left no result that can be read: cannot read .*in/);
    expect(stderr).not.toContain('nothing was published');
  });

  it('a failure to publish is a warning, not a red benchmark, and never shows the token', async () => {
    const refusals: Parameters<NonNullable<FakeGithub['spoil']>>[0][] = [];
    github.spoil = (request) =>
      request.startsWith('POST /repos') ? (refusals.push(request), { status: 403 }) : undefined;
    expect(await publish({}, { GITHUB_ACTIONS: 'true' })).toBe(0);
    expect(stdout).toMatch(/^::warning::nothing was published: POST .* answered 403.*pull-requests: write[^\n]*\n$/);
    expect(refusals).toHaveLength(1);
    expect(await publish({}, { GITHUB_TOKEN: '' })).toBe(0);
    expect(await publish({ strict: true }, { GITHUB_TOKEN: 'wrong' })).toBe(4);
    expect(await publish({ event: 'none.json' })).toBe(0);
    expect(stderr).toMatch(/nothing was published: nobody says what happened: there is no .*none\.json/);
    expect(stdout + stderr).not.toContain(fakeToken);
  });

  it('follows no redirect, and tries again where that helps', async () => {
    github.spoil = (request) =>
      request.startsWith('GET') ? { status: 302, headers: { location: 'http://127.0.0.1:9/' } } : undefined;
    expect(await publish({ strict: true })).toBe(4);
    let left = 1;
    github.spoil = (request) => (request.startsWith('GET') && left-- > 0 ? { status: 502 } : undefined);
    expect(await publish({ strict: true })).toBe(0);
    expect(bodies()).toHaveLength(1);
  });
});

describe('perfkeel merge', () => {
  it('joins what jobs wrote; one that wrote nothing is no gap', async () => {
    write('out-20/comparison.json', encodeCiReport(slower()));
    write('out-22/comparison.json', encodeCiReport(fine()));
    expect(await mergeCommand(['out-20', 'out-22'], { out: 'all' }, io())).toBe(1);
    expect(await mergeCommand(['out-22'], { out: 'all' }, io())).toBe(0);
    expect(await mergeCommand(['out-22', 'out-24'], { out: 'all' }, io())).toBe(4);
    expect(stderr).toMatch(/cannot read .*out-24/);
    write('a/out-20/comparison.json', encodeCiReport(slower()));
    expect(stderr).toContain('1 project of 2 jobs: exit code 4\n');
    // A folder that is named twice is one; two that are called alike are told apart.
    expect(await mergeCommand(['out-20', './out-20/', 'a/out-20'], { out: 'alike' }, io())).toBe(1);
    expect(stderr).toContain('2 projects of 2 jobs: exit code 1\n');
    const alike = JSON.parse(readFileSync(join(folder, 'alike/comparison.json'), 'utf8')) as CiReport;
    expect(alike.projects.map(({ leg }) => leg)).toEqual(['out-20', 'a/out-20']);
    // Published again, it is the same report.
    expect(await publish({ from: 'all' })).toBe(0);
    expect(bodies()[0]).toMatch(/1 could not be measured/);
  });

  it('of another commit, as an earlier run left it, is no report of this one', async () => {
    const at = (commit: string): string =>
      encodeCiReport({ ...fine(), head: { label: commit, sha: commit.repeat(40) } });
    write('out-20/comparison.json', at('a'));
    write('out-22/comparison.json', at('b'));
    expect(await mergeCommand(['out-20', 'out-22'], { out: 'all' }, io())).toBe(4);
    expect(stderr).toContain('the jobs measured different commits: aaaaaaa (out-20) and bbbbbbb (out-22)');
    write('out-22/comparison.json', at('a'));
    expect(await mergeCommand(['out-20', 'out-22'], { out: 'all' }, io())).toBe(0);
  });
});
