import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeRun, folderLog, runStore } from '@perfkeel/baseline';
import type { Run } from '@perfkeel/core';
import { sourceCliFolder } from '../../../tools/test-support/source-cli-folder.ts';
import { buildSourceCli, runCli, startCli, type CliResult } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { createGitProject } from './support/git-project.ts';

let project: TempProject | undefined;
let server: Server | undefined;
afterEach(() => {
  project?.remove();
  server?.closeAllConnections();
  server?.close();
});
const create = (files: Record<string, string>): TempProject => (project = createTempProject(files));

/** A kind that writes down each round that it begins, and stays in one until it may go on. */
const noun = `
import { appendFileSync, existsSync } from 'node:fs';
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
export function known(name: string, options: any) {
  return declare({
    name, kind: 'known', metrics: [metrics.responseTime], primary: 'response-time', quantiles: true,
    ...commonParts(options, { rounds: 4 }), location: callSite(known as never),
    instrument: async ({ round }: any) => {
      appendFileSync('rounds.log', name + round + '\\n');
      while (round === 2 && !existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
      const values = Array.from({ length: options.samples ?? 400 }, () => 5e6);
      return { measurements: [{ metric: 'response-time', data: { kind: 'sample', values } }] };
    },
  });
}`;
const perfFile = (options = ''): Record<string, string> => ({
  'noun.ts': noun,
  'a.perf.ts': `import { known } from './noun.ts';\nknown('a', { objectives: ['p99 < 10ms'], ${options} });`,
});

const begun = (root: string): string[] =>
  existsSync(join(root, 'rounds.log')) ? readFileSync(join(root, 'rounds.log'), 'utf8').trim().split('\n') : [];
const unfinished = (root: string): string[] =>
  existsSync(join(root, '.perf/unfinished')) ? readdirSync(join(root, '.perf/unfinished')) : [];
function latest(root: string): Run {
  const file = join(root, '.perf/latest/run.json');
  return decodeRun(readFileSync(file, 'utf8'), file);
}
const stored = async (root: string): Promise<string[]> =>
  (await runStore(folderLog(join(root, '.perf/store'))).listRuns()).map(({ id }) => id);
const roundsOf = ({ measurements }: Run): number[] => measurements.map(({ round }) => round);

/** Starts a run and stops it with signals when it is in its third round. */
async function stoppedInThird(root: string, ...signals: NodeJS.Signals[]): Promise<CliResult> {
  const { child, result } = await startCli(['run'], root);
  await eventually(() => begun(root).includes('a2'));
  for (const signal of signals) child.kill(signal);
  return await result;
}

describe('perfkeel resume', () => {
  it('after SIGKILL: measures what is missing, and ends as the run would have', async () => {
    const { root } = create(perfFile());
    await stoppedInThird(root, 'SIGKILL');
    const [id] = unfinished(root);
    expect(existsSync(join(root, '.perf/latest'))).toBe(false);
    // What a machine that loses power leaves behind.
    appendFileSync(join(root, '.perf/unfinished', id!, 'journal.ndjson'), '{"benchmark":"a","round":2,"measu');
    project!.write('go', '');
    const { code, stdout, stderr } = await runCli(['resume'], root);
    expect(stderr).toContain(`going on with run ${id} after 2 of 4 rounds`);
    expect(stdout).toMatch(/PASS/);
    expect(code).toBe(0);
    expect(begun(root)).toEqual(['a0', 'a1', 'a2', 'a2', 'a3']);
    const run = latest(root);
    expect(run).toMatchObject({ id, interrupted: false, failures: [], verdict: { kind: 'pass' } });
    expect(roundsOf(run)).toEqual([0, 1, 2, 3]);
    expect(await stored(root)).toEqual([id]);
    expect(unfinished(root)).toEqual([]);
  });

  it('after Ctrl-C: refuses a changed perf file and says what differs; --partial ends it as it is', async () => {
    const { root } = create(perfFile());
    const interrupted = await stoppedInThird(root, 'SIGINT');
    const [id] = unfinished(root);
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(/what had been measured is kept; `perfkeel resume` measures the rest/);
    expect(roundsOf(latest(root))).toEqual([0, 1]);
    // One run is one record, and it has not ended.
    expect(await stored(root)).toEqual([]);

    project!.write('a.perf.ts', perfFile('samples: 500, rounds: 5')['a.perf.ts']!);
    const refused = await runCli(['resume', id!.slice(0, 12).toLowerCase()], root);
    expect(refused.stderr).toContain(`run ${id} cannot go on, because not everything is as it was`);
    expect(refused.stderr).toContain('- "a" in a.perf.ts has changed: rounds, its code');
    expect(refused.stderr).toContain(`perfkeel resume ${id} --partial`);
    expect(refused.code).toBe(2);
    expect((await runCli(['run', 'nothing-like-this'], root)).stderr).toMatch(
      new RegExp(`^note {2}run ${id} of .* stopped after 2 of 4 rounds: perfkeel resume ${id}$`, 'm'),
    );

    const closed = await runCli(['resume', '--partial'], root);
    expect(closed.code).toBe(130);
    expect(closed.stderr).toMatch(/interrupted: what had been measured is kept\n/);
    expect(latest(root)).toMatchObject({ id, interrupted: true });
    expect(roundsOf(latest(root))).toEqual([0, 1]);
    expect(await stored(root)).toEqual([id]);
    expect(unfinished(root)).toEqual([]);
  });

  it('goes on with what --affected had chosen: what was skipped is recorded', async () => {
    const git = createGitProject({
      ...perfFile(),
      'b.perf.ts': "import { known } from './noun.ts';\nknown('b', { objectives: [] });",
    });
    project = git;
    git.write('a.perf.ts', perfFile('samples: 300')['a.perf.ts']!);
    const { child, result } = await startCli(['run', '--affected', '--base', 'main'], git.root);
    await eventually(() => begun(git.root).includes('a2'));
    child.kill('SIGKILL');
    await result;
    git.write('go', '');
    expect((await runCli(['resume'], git.root)).code).toBe(0);
    expect(latest(git.root).plan.selection?.map(({ file, decision }) => [file, decision])).toEqual([
      ['a.perf.ts', 'run'],
      ['b.perf.ts', 'skip'],
    ]);
  });

  it('a round of load that was cut short counts as what it is, and decides nothing', async () => {
    server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await eventually(() => server!.listening);
    const { port } = server.address() as AddressInfo;
    const { root } = create({
      'a.perf.ts': `import { load } from '@perfkeel/load';
        load('orders', { url: 'http://127.0.0.1:${port}', requests: { path: '/' }, rate: '200/s', for: '40s', warmup: '0s',
          rounds: 1, objectives: ['p99 < 1s', 'errors = 0'] });`,
    });
    const { child, result } = await startCli(['run'], root, { PERFKEEL_CHECKPOINT_MS: '1000' });
    await eventually(() =>
      unfinished(root).some((id) => existsSync(join(root, '.perf/unfinished', id, 'half-round.json'))),
    );
    // The second does not wait.
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
    const { code, stdout } = await runCli(['resume', '--partial'], root);
    expect(code).toBe(130);
    expect(stdout).toMatch(/round 1 did not come to its end: this is what it had measured after .* s of 40 s/);
    const { interrupted, verdict, measurements } = latest(root);
    expect([interrupted, verdict.kind]).toEqual([true, 'inconclusive']);
    const rate = measurements.find(({ metric, data }) => metric === 'throughput' && data.kind === 'exact')!;
    // Over the time that had passed, and not over all of it.
    expect((rate.data as { value: number }).value).toBeGreaterThan(100);
    expect((rate.data as { value: number }).value).toBeLessThan(250);
    expect(rate.warnings.map(({ code }) => code)).toContain('half-round');
  });

  // The limit on the size of files is an error of the system like a full disk, and needs no rights of root.
  it.runIf(process.platform === 'linux')(
    'a disk that fills loses nothing of what fits, and hides no result',
    async () => {
      const { root } = create(perfFile('samples: 40_000'));
      project!.write('go', '');
      await buildSourceCli();
      const bin = `${sourceCliFolder(process.ppid)}/bin.js`;
      const child = spawn('bash', ['-c', `ulimit -f 800; exec "${process.execPath}" "${bin}" run`], {
        cwd: root,
        env: { PATH: process.env['PATH'], PERFKEEL_CONDITIONS: '@perfkeel/source', PERFKEEL_EXAMINE: '0' },
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect(stdout).toMatch(/PASS/);
      expect(stderr.match(/^error /gm)).toHaveLength(1);
      expect(stderr).toMatch(/error {2}cannot write .*store/);
      expect(code).toBe(4);
      expect(unfinished(root)).toHaveLength(1);
      expect((await runCli(['resume'], root)).code).toBe(0);
      expect(roundsOf(latest(root))).toEqual([0, 1, 2, 3]);
      // Two rounds had fitted.
      expect(begun(root)).toEqual(['a0', 'a1', 'a2', 'a3', 'a2', 'a3']);
    },
  );
});
