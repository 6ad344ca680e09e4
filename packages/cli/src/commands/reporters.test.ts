import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failing } from '../../../report/test/support/fixtures.ts';
import type { Io } from '../io.ts';
import { reportersOf, writeReports } from './reporters.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-reporters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function world(env: Readonly<Record<string, string>> = {}): Io & { readonly printed: () => string } {
  let printed = '';
  const output = { write: (text: string) => (printed += text) };
  const io = { cwd: folder, env: { LANG: 'C.UTF-8', ...env }, stdout: output, stderr: output };
  return { ...io, onSignal: () => undefined, printed: () => printed };
}

const context = { root: '/srv/shop', noChange: 0.05, exitCode: 1, terminal: {} };

describe('the list', () => {
  it.each([
    ['nothing', {}, {}, ['terminal']],
    ['nothing, on GitHub', {}, { GITHUB_ACTIONS: 'true' }, ['terminal', 'github']],
    ['--json', { json: true }, { GITHUB_ACTIONS: 'true' }, ['json']],
    ['two lists', { reporter: ['plain, html=a.html', 'json=b.json'] }, {}, ['plain', 'html', 'json']],
  ])('%s', (_, options, env, names) => {
    expect(reportersOf(options, world(env)).map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['htlm', /no reporter "htlm"/, /Did you mean html\?/],
    ['', /no reporter ""/, /There are terminal, plain, ndjson, json, markdown, html, junit, github/],
    ['html=', /the file of the reporter html is none/, /html=FILE/],
    ['html=.', /the file of the reporter html is none/, /html=FILE/],
    ['terminal,json', /terminal and json would be mixed on stdout/, /json=FILE/],
    ['json=a,html=./a', /two reporters would write/, /a file of its own/],
  ])('%j is refused', (list, message, hint) => {
    expect(() => reportersOf({ reporter: [list] }, world())).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      }),
    );
  });

  it('refuses to be told twice what is printed', () => {
    expect(() => reportersOf({ reporter: ['plain'], json: true }, world())).toThrow(/--json and --reporter/);
  });
});

describe('the outputs', () => {
  it('are written beside each other, into folders that are made', async () => {
    const io = world();
    const list =
      'plain,terminal=out/t.txt,json=out/r.json,markdown=out/r.md,html=out/r.html,junit=out/j.xml,github=out/g.txt';
    expect(await writeReports(failing(), reportersOf({ reporter: [list] }, io), context, io)).toBeUndefined();
    expect(io.printed()).toMatch(/^ COULD NOT MEASURE [\x20-\x7e\n]*$/);
    const first = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8').split('\n')[0]!;
    expect(readdirSync(join(folder, 'out')).map((name) => [name, first(name).slice(0, 15)])).toEqual([
      ['g.txt', expect.stringMatching(/^::error file=pe/)],
      ['j.xml', '<?xml version="'],
      ['r.html', '<!doctype html>'],
      ['r.json', '{'],
      ['r.md', expect.stringMatching(/^### /)],
      ['t.txt', expect.stringMatching(/^ COULD NOT/)],
    ]);
  });

  it('that cannot be written are told, and the others are written', async () => {
    const io = world();
    const reporters = [
      { name: 'html', file: join(folder, 'b.html') },
      { name: 'json', file: join(folder, 'b.html', 'a.json') },
      { name: 'markdown', file: join(folder, 'b.md') },
    ];
    expect(await writeReports(failing(), reporters, context, io)).toMatchObject({ code: 'not-writable', exitCode: 4 });
    expect(existsSync(join(folder, 'b.md'))).toBe(true);
  });

  it('on GitHub: the lines of declarations, as commands that nothing else can follow', async () => {
    const io = world({ GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/srv' });
    await writeReports(failing(), reportersOf({}, io), context, io);
    const commands = io
      .printed()
      .split('\n')
      .filter((line) => line.includes('::'));
    expect(commands.length).toBeGreaterThan(1);
    for (const line of commands)
      expect(line).toMatch(/^::(?:error|warning) file=shop\/perf\/orders\.perf\.ts,line=\d+::/);
  });
});
