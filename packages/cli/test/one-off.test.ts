import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCli, startCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { said } from './support/said.ts';

let server: Server;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['x-a']}`);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const url = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

let project: TempProject | undefined;
afterEach(() => {
  project?.remove();
  asked = [];
});

describe('a measurement without a file', () => {
  it('sends what is asked for, prints it, keeps nothing', async () => {
    const { root } = (project = createTempProject());
    // Others use that of the system at the same time.
    const temporary = mkdtempSync(join(tmpdir(), 'perfkeel-test-'));
    onTestFinished(() => rmSync(temporary, { recursive: true }));
    const args = ['load', url('/a?b=1'), '--rate', '20/s', '--for', '1s', '--warmup', '0s', '-H', 'x-a: 1'];
    const words = [...args, '-o', 'errors = 0', '--reporter', 'plain,json=run.json'];
    const { code, stdout } = await runCli(words, root, { TMPDIR: temporary, TEMP: temporary, TMP: temporary });
    expect(stdout).toMatch(/^ PASS {2}one-off[\s\S]*ok GET \/a\?b=1 {2}errors = 0/);
    expect(stdout).not.toMatch(/perfkeel (run|report|baseline)|one-off\.perf/);
    expect(code).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['GET /a?b=1 1']));
    expect(asked).toHaveLength(20);
    expect(readFileSync(join(root, 'run.json'), 'utf8')).toMatch(/"kind": ?"pass"/);
    expect(readdirSync(root).sort()).toEqual(['node_modules', 'package.json', 'run.json']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('is written only where it would be found', async () => {
    const { root } = (project = createTempProject());
    for (const name of ['x.perf.mtsx', 'x.cjsx', 'x.perf', 'x']) {
      const { code, stderr } = await said(['load', url('/'), '--write', name], root);
      expect(stderr).toMatch(/would not be found[\s\S]*Write --write x\.perf\.ts\./);
      expect(code).toBe(2);
    }
    expect(asked).toEqual([]);
  });

  it('becomes a declaration with --write, which measures the same', { timeout: 60_000 }, async () => {
    const { root } = (project = createTempProject());
    const args = ['load', url('/x'), '--rate', '20/s', '--for', '1s', '--warmup', '0s', '-H', 'x-a: 2'];
    const wrong = await runCli([...args, '-o', 'p99 < 200', '--write', 'perf/x.perf.ts'], root);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean "p99 < 200ms"/) as string });
    const written = await runCli([...args, '-o', 'errors = 0', '--write', 'perf/x.perf.ts'], root);
    expect(written).toMatchObject({ code: 0, stdout: 'wrote perf/x.perf.ts\n\nNext: perfkeel run perf/x.perf.ts\n' });
    expect(asked).toEqual([]);
    const again = await runCli([...args, '--write', 'perf/x.perf.ts'], root);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/not overwritten/) as string });
    const { code, stdout } = await runCli(['run', 'perf/x.perf.ts', '--rounds', '1'], root);
    expect(stdout).toMatch(/GET \/x {2}errors = 0/);
    expect(code).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['GET /x 2']));
  });

  it('of a program, in the folder where it is asked for', async () => {
    const { root } = (project = createTempProject({ 'sub/p.mjs': "process.exit(process.argv[2] === '--x' ? 0 : 3);" }));
    const args = ['-C', 'sub', 'startup', '--rounds', '1', '--samples', '1', '--json', '--', 'node', 'p.mjs', '--x'];
    const { code, stdout } = await runCli(args, root);
    expect(JSON.parse(stdout)).toMatchObject({ run: { plan: { benchmarks: [{ id: 'node p.mjs --x' }] } } });
    expect(code).toBe(0);
  });
});

describe('perfkeel run --watch', () => {
  it('measures again what a change can reach, and ends at Ctrl-C', { timeout: 120_000 }, async () => {
    const declared = (value: string): string =>
      `import { startup } from 'perfkeel'; startup(${value}, { command: ['node', '--version'], samples: 1 });`;
    const { root } = (project = createTempProject({
      'name.ts': "export const name = 'first';",
      'a.perf.ts': `import { name } from './name.ts'; ${declared('name')}`,
      'b.perf.ts': declared("'other'"),
    }));
    const { child, result } = await startCli(['run', '--watch', '--short'], root);
    let stderr = '';
    child.stderr!.on('data', (text: string) => (stderr += text));
    // Each time some ten processes start: on a machine at its limit that takes 20 s.
    const watching = (times: number): Promise<void> =>
      eventually(() => stderr.split('Ctrl-C ends it').length > times, 50_000);
    await watching(1);
    project.write('name.ts', "export const name = 'second';");
    await watching(2);
    child.kill('SIGINT');
    const { code, stdout } = await result;
    expect(stderr).toMatch(/measuring 2 benchmarks[\s\S]*changed: name\.ts[\s\S]*measuring 1 benchmark /);
    expect(stdout).toMatch(/first[\s\S]*second/);
    expect(code).toBe(0);
  });
});
