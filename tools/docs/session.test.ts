import { describe, expect, it } from 'vitest';
import { createProgram } from '../../packages/cli/src/commands/create-program.ts';
import { comparing, failing } from '../../packages/report/test/support/fixtures.ts';
import { renderTerminal } from '../../packages/report/src/index.ts';
import { read } from '../workspace.ts';

/** The recorded session of README.md: is it what the command line of today would print, apart from its figures? */
const [, recorded = ''] =
  /<!-- session: begin[^>]*-->\s*```text\n([\s\S]*?)```\s*<!-- session: end -->/.exec(read('README.md')) ?? [];
const parts = recorded
  .split(/^(?=[$#] )/m)
  .filter((part) => part.startsWith('$ '))
  .map((part) => ({ command: part.split('\n')[0]!.slice(2), screen: part.split('\n').slice(1).join('\n') }));

const output = { write: () => undefined };
const world = { cwd: '/', env: {}, stdout: output, stderr: output, onSignal: () => undefined };

/** Walks down to the command of a line, and says which of its words nobody knows. */
function unknownIn(words: readonly string[], command: ReturnType<typeof createProgram>): readonly string[] {
  const [word, ...rest] = words;
  if (word === undefined) return [];
  const next = command.commands.find((each) => each.name() === word);
  if (next !== undefined) return unknownIn(rest, next);
  const isKnown = word.startsWith('-')
    ? command.options.some(({ long, short }) => word === long || word === short)
    : command.options.length > 0;
  return [...(isKnown ? [] : [word]), ...unknownIn(rest, command)];
}

/** What begins in the first column but one: the headings of a screen. */
const headings = (screen: string): readonly string[] =>
  [...screen.matchAll(/^ ([A-Z][a-z]+(?: against)?)(?= |$)/gm)].map(([, heading = '']) => heading);

describe('the session of README.md', () => {
  const screen = (report: Parameters<typeof renderTerminal>[0]): string =>
    renderTerminal(report, { colour: false, unicode: true, width: 100, paths: { html: 'x.html' } });
  const known = headings(screen({ ...failing(), ...comparing() }));
  const order = [...new Set([...known, ...headings(screen(failing()))])];

  it('has a run, a baseline and a comparison', () => {
    expect(parts.map(({ command }) => command)).toEqual([
      'perfkeel run',
      'perfkeel baseline set main',
      'perfkeel run --against main',
    ]);
  });

  it('types what there is', () => {
    const program = createProgram(world, () => undefined);
    for (const { command } of parts) expect(unknownIn(command.split(' ').slice(1), program)).toEqual([]);
  });

  it('shows the screens of today', () => {
    const [first = '', , second = ''] = parts.map((part) => part.screen);
    for (const shown of [first, second]) {
      expect(shown).toMatch(/^ (?:PASS|WARN|FAIL|INCONCLUSIVE) {2}orders-api {2}/);
      expect(headings(shown).filter((heading) => !order.includes(heading))).toEqual([]);
      expect(headings(shown)).toEqual(expect.arrayContaining(['Objectives', 'Evidence', 'Machine', 'Report']));
    }
    expect(headings(second)).toContain('Change against');
    expect(second).toMatch(/^ {3}[✓✗?!] a visit growth.*[┊│].*[●▶◀]/m);
    expect(recorded.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});
