import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const text = (name: string): string => readFileSync(path(name), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = 'docs/ci/github';
const names = readdirSync(path(folder));
const workflow = (name: string): Workflow => parse(text(`${folder}/${name}`)) as Workflow;
const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const writes = (permissions: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(permissions).filter((name) => permissions[name] === 'write');

const blocks = ['docs/ci/github.md', 'docs/ci/gitlab.md', 'docs/ci/bitbucket.md', 'action/README.md'].flatMap((file) =>
  [...text(file).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => ({ file, block: block! })),
);

test('there are three workflows', () => {
  expect(names).toEqual(['perf-nightly.yml', 'perf-publish.yml', 'perf.yml']);
});

describe.each(names)('%s', (name) => {
  it('may write only what its part needs', () => {
    const { permissions, jobs } = workflow(name);
    expect(writes(permissions)).toEqual([]);
    const all = Object.values(jobs).flatMap((job) => writes(job.permissions));
    expect(all).toEqual({ 'perf-publish.yml': ['pull-requests'], 'perf-nightly.yml': ['contents'] }[name] ?? []);
    // What may write runs no code of the repository.
    for (const { permissions: own, steps } of Object.values(jobs)) {
      if (writes(own).length === 0) continue;
      expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout'))).toEqual([]);
      expect(steps.filter(({ run }) => /npm ci|npm install/.test(run ?? ''))).toEqual([]);
    }
  });

  it('puts nothing of an event into a shell', () => {
    for (const { run = '' } of stepsOf(workflow(name))) expect(run).not.toContain('${{');
  });

  it('leaves no credentials behind, and has the history', () => {
    const checkouts = stepsOf(workflow(name)).filter(({ uses }) => uses?.startsWith('actions/checkout'));
    for (const { with: inputs } of checkouts) {
      expect(inputs).toMatchObject({ 'fetch-depth': 0, 'persist-credentials': false });
    }
  });
});

/** What GitHub knows; a word that is misspelt is ignored or refused there, and nobody sees it here. */
const words = {
  workflow: ['name', 'on', 'permissions', 'concurrency', 'jobs', 'env', 'defaults', 'run-name'],
  events: ['pull_request', 'merge_group', 'push', 'schedule', 'workflow_dispatch', 'workflow_run'],
  job: [
    ...['name', 'runs-on', 'needs', 'if', 'permissions', 'concurrency', 'env', 'steps', 'timeout-minutes', 'strategy'],
    ...['outputs', 'defaults', 'continue-on-error', 'environment'],
  ],
  permissions: ['actions', 'contents', 'pull-requests', 'checks', 'statuses', 'issues', 'security-events'],
  step: ['id', 'name', 'if', 'uses', 'with', 'run', 'env', 'shell', 'working-directory', 'continue-on-error'],
  inputs: {
    'actions/checkout': ['fetch-depth', 'persist-credentials', 'filter', 'ref'],
    'actions/setup-node': ['node-version', 'cache', 'package-manager-cache'],
    'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'include-hidden-files', 'retention-days'],
    'actions/download-artifact': ['name', 'path', 'run-id', 'github-token', 'pattern', 'merge-multiple'],
  } as Readonly<Record<string, readonly string[]>>,
};

test.each(names)('%s uses words that GitHub knows, and every job ends', (name) => {
  const { on, permissions, jobs, ...others } = workflow(name);
  const unknown = (object: object, known: readonly string[]): string[] =>
    Object.keys(object).filter((key) => !known.includes(key));
  expect(unknown(others, words.workflow)).toEqual([]);
  expect(unknown(on, words.events)).toEqual([]);
  expect(unknown(permissions, words.permissions)).toEqual([]);
  for (const job of Object.values(jobs)) {
    expect(unknown(job, words.job)).toEqual([]);
    expect(unknown(job.permissions ?? {}, words.permissions)).toEqual([]);
    expect(job['runs-on']).toMatch(/^ubuntu-\d/);
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const step of job.steps) {
      expect(unknown(step, words.step)).toEqual([]);
      expect([step.uses, step.run].filter((part) => part !== undefined)).toHaveLength(1);
      const [action = ''] = (step.uses ?? '').split('@');
      expect(unknown(step.with ?? {}, words.inputs[action] ?? [])).toEqual([]);
    }
  }
});

test('the trusted half hears of the untrusted one by its name, and reads what that one leaves', () => {
  const [measuring, publishing] = [workflow('perf.yml'), workflow('perf-publish.yml')];
  expect(publishing.on).toEqual({ workflow_run: { workflows: [measuring.name], types: ['completed'] } });
  const artifact = (steps: readonly Step[], action: string): unknown =>
    steps.find(({ uses }) => uses?.startsWith(action))?.with?.['name'];
  expect(artifact(stepsOf(publishing), 'actions/download-artifact')).toBe(
    artifact(stepsOf(measuring), 'actions/upload-artifact'),
  );
  const nightly = stepsOf(workflow('perf-nightly.yml'));
  expect(nightly.some(({ run }) => /perfkeel ci --base HEAD --all --calibrate/.test(run ?? ''))).toBe(true);
});

test('no workflow runs code of a pull request with the rights of the repository', () => {
  for (const name of names) expect(Object.keys(workflow(name).on)).not.toContain('pull_request_target');
});

test('every action that is not ours is pinned to a commit', () => {
  const files = [...names.map((name) => `${folder}/${name}`), 'action/action.yml'].map(text);
  const used = [...files, ...blocks.map(({ block }) => block)].flatMap((each) =>
    [...each.matchAll(/uses: (\S+)(.*)/g)].map(([, action, rest]) => ({ action: action!, rest: rest! })),
  );
  expect(used.length).toBeGreaterThan(15);
  for (const { action, rest } of used.filter(({ action }) => !action.startsWith('perfkeel/'))) {
    expect(action).toMatch(/@[0-9a-f]{40}$/);
    expect(rest).toMatch(/^ # v\d+\.\d+\.\d+$/);
  }
});

test('the action takes its inputs from the environment alone', () => {
  const { runs, inputs } = parse(text('action/action.yml')) as {
    readonly runs: { readonly using: string; readonly steps: readonly Step[] };
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  };
  expect(runs.using).toBe('composite');
  const [measure] = runs.steps;
  expect(measure!.run).not.toContain('${{');
  const passed = Object.values(measure!.env!).flatMap((value) => /inputs\.([\w-]+)/.exec(value)?.[1] ?? []);
  expect(passed.every((name) => Object.hasOwn(inputs, name))).toBe(true);
});

test.each(blocks)('a recipe of $file is YAML', ({ block }) => {
  expect(typeof parse(block)).toBe('object');
});

test('recipes and workflows use options that exist', () => {
  const main = text('packages/cli/src/commands/register-ci.ts');
  const all = [
    ...names.map((name) => text(`${folder}/${name}`)),
    text('action/action.yml'),
    ...blocks.map(({ block }) => block),
  ];
  const lines = all
    .flatMap((each) => each.split('\n'))
    .filter((line) => /perfkeel(@[\d.]+)? (ci|merge|publish)|args\+?=/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    for (const [, option] of line.matchAll(/[\s("](--[a-z-]+)/g)) {
      if (!['--yes', '--no-install'].includes(option!)) expect(main).toMatch(new RegExp(`'[^']*${option}[ ']`));
    }
  }
});
