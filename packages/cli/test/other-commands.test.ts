import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fitness } from '@perfkeel/core';
import { buildSourceCli, runCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { said } from './support/said.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());
const create = (files: Record<string, string>): TempProject => (project = createTempProject(files));

/** A kind whose time is read from a file, so that two runs of one benchmark differ as wanted. */
const files = {
  'speed.txt': '10',
  'a.perf.ts': `
    import { readFileSync } from 'node:fs';
    import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
    const options = { objectives: ['median < 1s'] };
    declare({
      name: 'work', kind: 'known', metrics: [metrics.responseTime], primary: 'response-time', quantiles: true,
      ...commonParts(options, { rounds: 6 }),
      instrument: async ({ round }: any) => {
        const ms = Number(readFileSync('speed.txt', 'utf8')) * (1 + round / 1000);
        return { measurements: [{ metric: 'response-time', data: { kind: 'sample', values: Array.from({ length: 100 }, () => ms * 1e6) } }] };
      },
    });`,
};

describe('perfkeel --help', () => {
  it('lists the commands and the exit codes', async () => {
    const { code, stdout } = await runCli(['--help'], '.');
    expect(code).toBe(0);
    for (const word of ['run', 'compare', 'report', 'baseline', 'init', 'doctor', '130  interrupted']) {
      expect(stdout).toContain(word);
    }
  });

  it('loads the argument parser and nothing else', async () => {
    const { outputs } = await buildSourceCli();
    const bin = Object.keys(outputs).find((file) => file.endsWith('/bin.js'))!;
    const external = new Set<string>();
    const visit = (file: string, seen = new Set<string>()): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { path, kind, external: outside } of outputs[file]!.imports) {
        if (kind !== 'import-statement') continue;
        if (outside) external.add(path);
        else visit(path, seen);
      }
    };
    visit(bin);
    expect([...external].filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
  });

  it('wrong usage: exit code 2', async () => {
    expect((await runCli(['runn'], '.')).code).toBe(2);
    expect((await runCli(['run', '--no-such-option'], '.')).code).toBe(2);
    expect((await runCli(['run', '--rounds', 'many'], '.')).code).toBe(2);
    expect((await runCli(['run', '--dir', 'no/such/folder'], '.')).code).toBe(2);
  });
});

describe('baselines and comparisons', () => {
  it('without a baseline: inconclusive, never a pass', async () => {
    const { root } = create(files);
    await runCli(['run'], root);
    const { code, stderr } = await runCli(['compare'], root);
    expect(code).toBe(3);
    expect(stderr).toMatch(/no baseline called "main"[\s\S]*perfkeel baseline set main/);
  });

  it('set, list, show, and a comparison in both directions', async () => {
    const { root } = create(files);
    await runCli(['run'], root);
    expect((await runCli(['baseline', 'set', 'main', '--reason', 'first'], root)).stdout).toMatch(/main is now run/);
    writeFileSync(join(root, 'speed.txt'), '15');
    const slower = await runCli(['run', '--against', 'main'], root);
    expect(slower.stdout).toMatch(/\+50/);
    expect(slower.code).toBe(1);
    writeFileSync(join(root, 'speed.txt'), '10');
    await runCli(['run'], root);
    const same = await runCli(['compare', 'main'], root);
    expect(same.stdout).toMatch(/unchanged/);
    expect(same.stdout).toMatch(/\(baseline main,\s+version 1\)/);
    expect(same.code).toBe(0);
    expect((await runCli(['baseline', 'list'], root)).stdout).toMatch(/main\s+\w{26}[\s\S]*Newest runs/);
    expect((await runCli(['baseline', 'show', 'main'], root)).stdout).toMatch(/first/);
    expect((await runCli(['baseline', 'show', 'nope'], root)).code).not.toBe(0);
  });

  it('a corrupt run.json: the file, what is wrong with it, exit code 4', async () => {
    const { root } = create(files);
    await runCli(['run'], root);
    const text = readFileSync(join(root, '.perf/latest/run.json'), 'utf8');
    project!.write('torn.json', text.slice(0, 500));
    project!.write('strange.json', '{"schemaVersion": 1}');
    for (const name of ['torn.json', 'strange.json']) {
      const { code, stderr } = await runCli(['compare', name], root);
      expect(stderr).toContain(name);
      expect(code).toBe(4);
    }
    const newer = await runCli(
      ['report', project!.write('newer.json', text.replace(/"schemaVersion": 1/, '"schemaVersion": 99'))],
      root,
    );
    expect(newer.stderr).toMatch(/newer/);
    expect(newer.code).toBe(4);
  });
});

describe('perfkeel report', () => {
  it('in every form of a reporter, to stdout and into a file', async () => {
    const { root } = create(files);
    await runCli(['run'], root);
    for (const [format, text] of [
      ['md', /median &lt; 1s/],
      ['markdown', /median &lt; 1s/],
      ['html', /<!doctype html>/i],
      ['json', /"schemaVersion": 1/],
      ['junit', /<testsuites /],
      ['plain', /^ PASS /],
    ] as const) {
      const { code, stdout } = await said(['report', '--format', format], root);
      expect(stdout).toMatch(text);
      expect(code).toBe(0);
      await said(['report', '--format', format, '--out', 'out.txt'], root);
      expect(readFileSync(join(root, 'out.txt'), 'utf8').slice(0, 50)).toBe(stdout.slice(0, 50));
    }
    expect((await runCli(['report'], root)).stdout).toMatch(/^ PASS /);
  });

  it('an unknown format: exit code 2; no run: exit code 4', async () => {
    const { root } = create(files);
    expect((await runCli(['report', '--format', 'pdf'], root)).code).toBe(2);
    expect((await runCli(['report'], root)).code).toBe(4);
  });
});

describe('perfkeel init', () => {
  it('writes a project that runs, and overwrites nothing', async () => {
    const { root } = create({});
    const first = await runCli(['init'], root);
    expect(first.stdout).toMatch(/wrote {2}perf\.config\.ts[\s\S]*wrote {2}perf\/example\.perf\.ts/);
    const run = await runCli(['run', '--short'], root);
    expect(run.stdout).toMatch(/parse one order/);
    expect(run.code).toBe(0);
    writeFileSync(join(root, 'perf.config.ts'), '// mine');
    expect((await runCli(['init'], root)).stdout).toMatch(/kept {3}perf\.config\.ts/);
    expect(readFileSync(join(root, 'perf.config.ts'), 'utf8')).toBe('// mine');
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
      scripts: { perf: 'perfkeel run' },
    });
  });
});

describe('perfkeel doctor', () => {
  it('looks at this machine: all findings, fit or not, and the smallest change', async () => {
    const { code, stdout } = await runCli(['doctor', '--json'], '.');
    const { fit, smallestChange, findings } = JSON.parse(stdout) as Fitness;
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['smallest-change', 'share', 'repeatability', 'clock', 'cores', 'node']),
    );
    expect(findings.find(({ id }) => id === 'node')).toMatchObject({ status: 'ok', value: process.versions.node });
    expect(fit).toBe(findings.every(({ status }) => status !== 'unfit'));
    expect(code).toBe(fit ? 0 : 3);
    // Half the width of an interval around no change: something, and not another workload.
    expect(smallestChange).toBeGreaterThan(0);
    expect(smallestChange).toBeLessThan(1);
  });
});

it('the published binary points at the built command line', () => {
  const bin = resolve('packages/cli/bin/perfkeel.js');
  expect(existsSync(bin)).toBe(true);
  expect(readFileSync(bin, 'utf8')).toContain("import '../dist/bin.js'");
  expect(dirname(bin)).toMatch(/cli[\\/]bin$/);
});
