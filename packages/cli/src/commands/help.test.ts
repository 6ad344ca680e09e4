import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metrics, parseObjective } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';
import { helpTopics } from './help-topics.ts';

const textOf = (name: string): string => helpTopics.find((topic) => topic.name === name)!.text();

describe('perfkeel help', () => {
  it('lists every command and every topic, and fits 100 columns', async () => {
    const { code, stdout } = await said(['help']);
    expect(code).toBe(0);
    for (const word of ['run', 'load', 'capacity', 'startup', 'leak', ...helpTopics.map(({ name }) => name)]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${word} `, 'm'));
    }
    expect(stdout).not.toContain('__complete');
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it.each([
    [['help', 'baseline', 'prune'], /--older-than/],
    [['help', 'units'], /5ms|1\.5ms/],
    [['help', 'exit', 'codes'], /130 {2}interrupted/],
  ])('%j', async (argv, text) => {
    expect(await said(argv)).toMatchObject({ code: 0, stdout: expect.stringMatching(text) as string });
  });

  it.each([
    [['help', 'objectivs'], /Did you mean objectives\?/],
    [['help', 'xyzzy'], /perfkeel help lists both/],
    [['runn'], /Did you mean run\?[\s\S]*perfkeel --help/],
    [['run', '--rouns', '3'], /Did you mean --rounds\?[\s\S]*perfkeel run --help/],
    [['load', 'http://127.0.0.1:1', '--vus', '5'], /--vus is called --clients here/],
    [['load', 'http://127.0.0.1:1', '--name', 'run', '--vus', '5'], /--vus is called --clients here/],
    [['-C', '.', 'load', 'http://127.0.0.1:1', '--duration=5s'], /--duration is called --for here/],
    [['baseline', 'sett', 'main'], /Did you mean set\?[\s\S]*perfkeel baseline --help/],
    [['startup', 'node', '--version'], /perfkeel startup -- node server\.js/],
    [['completion', 'bsh'], /Did you mean bash\?/],
    [['-C', 'no/such/folder', 'list'], /-C names no folder/],
  ])('%j: what was probably meant, exit code 2', async (argv, text) => {
    const { code, stderr } = await said(argv);
    expect(stderr).toMatch(text);
    expect(stderr).toMatch(/^error {2}/);
    expect(code).toBe(2);
  });
});

describe('topics', () => {
  it.each(helpTopics)('$name fits a screen', ({ text }) => {
    expect(
      text()
        .split('\n')
        .filter((line) => line.length > 96),
    ).toEqual([]);
  });

  it('show objectives as the language has them', () => {
    const shown = textOf('objectives')
      .split('\n')
      .filter((line) => line.startsWith('  ') && !line.includes('['))
      .flatMap((line) => line.trim().split(/ {2,}/))
      .filter((text) => /[<>=]/.test(text));
    const { responseTime } = metrics;
    const known = [...Object.values(metrics), { ...responseTime, id: 'checkout.response-time' }];
    const scope = { primary: responseTime.id, metrics: known, quantiles: true };
    expect(shown).toHaveLength(10);
    for (const text of shown) expect(parseObjective(text, scope).source).toBe(text);
  });

  it('name every variable that is read, and no other', () => {
    const packages = fileURLToPath(new URL('../../../', import.meta.url));
    const sources = readdirSync(packages).flatMap((name) => filesBelow(join(packages, name, 'src')));
    const read = sources
      .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('help-topics.ts'))
      .flatMap((file) => readFileSync(file, 'utf8').match(/(?<=env\[')PERFKEEL_\w+/g) ?? []);
    const told: readonly string[] = textOf('environment').match(/PERFKEEL_\w+/g) ?? [];
    // What one process of ours tells another is no setting.
    const between = /CHECKPOINT|AGENT|PADDING/;
    expect([...new Set(read)].filter((name) => !between.test(name)).sort()).toEqual([...told].sort());
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
