import { describe, expect, test } from 'vitest';
import {
  renderAnnotations,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderPullRequest,
  renderSarif,
  renderStepSummary,
  renderTerminal,
  renderTrendTable,
  renderTrends,
  summariseReport,
  summaryLine,
  type CiReport,
} from '../src/index.ts';
import { attackedReport, attacks } from './support/attacks.ts';
import { tagProblems } from './support/markup-balance.ts';

const ciOf = (text: string): CiReport => ({
  ...{ schemaVersion: 1, tool: text, event: text, notes: [text], skipped: [{ project: text, why: text }] },
  base: { label: text, why: text },
  head: { label: text },
  projects: [summariseReport(attackedReport(text), { folder: text, exitCode: 1, toplevel: '/srv/shop', why: [text] })],
});

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** In an environment of its own code: `sh` blocks show commands as they are, and cannot be left. */
const outsideOfCode = (text: string): string => text.replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '');

describe.each(Object.entries(attacks))('%s', (_, attack) => {
  const report = attackedReport(attack);

  test('a page stays a page', () => {
    const html = renderHtml(report);
    expect(tagProblems(html)).toEqual([]);
    expect(html.match(/<script>/g)).toHaveLength(1);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|<\/title>[\s\S]*<\/title><script|\son[a-z]+="/);
    expect(html).not.toMatch(control);
  });

  test('Markdown stays text', () => {
    for (const text of [renderMarkdown(report), renderPullRequest(ciOf(attack)), renderStepSummary(ciOf(attack))]) {
      const outside = outsideOfCode(text);
      expect(outside).not.toMatch(/<(?!\/?(?:details|summary|sub|br)\b|!--)/);
      expect(outside).not.toMatch(/(?<!\\)\]\(javascript|!\[x\]|^# heading|@everyone|http:\/\/evil/m);
      expect(text).not.toMatch(control);
    }
  });

  test('a terminal and a log stay as they are', () => {
    const look = { colour: false, unicode: true, width: 100, verbose: true };
    const rows = [
      {
        name: attack,
        title: attack,
        values: [1, 2, 3],
        marks: [],
        now: attack,
        notes: [{ news: 'worse' as const, text: attack }],
      },
    ];
    const texts = [
      renderTerminal(report, look),
      renderTrends(rows, look),
      renderTrendTable(rows, look),
      summaryLine(report.run),
    ];
    for (const text of texts) expect(text).not.toMatch(control);
    expect(summaryLine(report.run)).not.toContain('\n');
  });

  test('no command reaches GitHub but our own', () => {
    const commands = renderAnnotations(ciOf(attack)).trimEnd().split('\n');
    for (const line of commands) expect(line).toMatch(/^::(?:error|warning)(?: file=[^:,]*,line=\d+)?::/);
    expect(commands.filter((line) => /^::(?:set-output|add-mask|stop)/.test(line))).toEqual([]);
    // Runners read commands at the start of a line of the log, and the job summary is no log.
    const log = renderTerminal(report, { colour: false, unicode: true, width: 100, verbose: true });
    expect(log.split('\n').filter((line) => /^::/.test(line))).toEqual([]);
  });

  test('machines read what they should', () => {
    const junit = renderJunit(ciOf(attack));
    expect(junit).not.toMatch(/<script|<img|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    expect(() => void JSON.parse(renderSarif(ciOf(attack)))).not.toThrow();
    const { run } = JSON.parse(renderJson(report)) as typeof report;
    expect(run.provenance.project).toBe(attack);
  });
});
