import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../src/index.ts';
import * as fixtures from './support/fixtures.ts';
import { buildRun } from './support/build-run.ts';
import { gallery } from './support/gallery.ts';
import { tagProblems } from './support/markup-balance.ts';

const { passing, failing, grouped, comparing, hostile, warning, nothingRan, unexpected, small } = fixtures;
/** A page of every drawing, of a minute. */
const drawings = renderHtml(gallery());
const reports = { passing, failing, grouped, comparing, hostile, warning, nothingRan, unexpected, small };

describe.each(Object.entries(reports))('%s', (_, report) => {
  const html = renderHtml(report());

  test('every tag is closed', () => {
    expect(tagProblems(html)).toEqual([]);
  });

  test('it loads nothing, and runs nothing but what its policy names', () => {
    const hash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;
    const only = (name: string): string => {
      const all = [...html.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))];
      expect(all).toHaveLength(1);
      return hash(all[0]![1]!);
    };
    expect(policy!.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${only('style')}`,
      `script-src ${only('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html).not.toMatch(/<(?:img|link|iframe|object|embed|base|form)\b/i);
    const outside = html.replace(/<script>[\s\S]*?<\/script>/, '');
    expect(outside).not.toMatch(/\s(?:on[a-z]+|src|style)="/i);
    // Sections, and axes that are shown a second time: nothing but places of the page itself.
    const places = new Set([...outside.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id!}`));
    const targets = [...outside.matchAll(/href="([^"]*)"/g)].map(([, target]) => target!);
    expect(targets.filter((target) => !places.has(target))).toEqual([]);
    expect(outside).not.toMatch(/url\(|@import|https?:\/\/(?!perfkeel)/);
  });

  test('every drawing has a title and a description of its own, and numbers everywhere', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = [...html.matchAll(/aria-labelledby="([^"]*)"/g)].flatMap(([, both]) => both!.split(' '));
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
    const drawings = html.match(/<svg [\s\S]*?<\/svg>/g) ?? [];
    expect(drawings.join('')).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

test('what anchors point to is there', () => {
  const html = renderHtml(comparing());
  const targets = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
  expect(targets.length).toBeGreaterThan(3);
  expect(targets.filter((id) => !html.includes(` id="${id}"`))).toEqual([]);
});

test('every figure says in a sentence what it shows, and has its data as a table', () => {
  const figures = drawings.split('<figure>').slice(1);
  expect(figures.length).toBeGreaterThan(15);
  for (const figure of figures) {
    const [inside] = figure.split('</figure>');
    expect(inside).toMatch(/<svg [\s\S]*<figcaption>[^<]+\.<\/figcaption>\n<details><summary>[\s\S]*<table>/);
  }
});

test('what happened meanwhile is marked, named in the sentence, and listed', () => {
  const course = drawings.split('<figure>').find((figure) => figure.includes('Course as a table'))!;
  expect(course).toContain('Upright lines mark “warm-up ends”, “browse”, “spike” and the greatest time.');
  const [, events = ''] = course.split('<summary>Events as a table</summary>');
  const cells = [...events.split('</details>')[0]!.matchAll(/<t[hd](?: [^>]*)?>([^<]*)</g)].map(([, cell]) => cell);
  expect(cells).toEqual(['time', 'event', '5 s', 'warm-up ends', '20 s', 'browse', '40 s', 'spike']);
});

test('a hostile name is shown as it is', () => {
  const html = renderHtml(hostile());
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;|`rm -rf`|**bold** @everyone');
  expect(html).not.toContain('\u202e');
});

test('the order: verdict, objectives, failures, evidence, environment, next', () => {
  const html = renderHtml(failing());
  const heads = [...html.matchAll(/<h2>([^<]*)/g)].map(([, head]) => head);
  expect(heads).toEqual([
    'Objectives',
    'What stands behind it',
    'Could not measure',
    'Evidence',
    'Remarks',
    'Environment',
    'Provenance',
    'What to do next',
  ]);
});

test('eight hours are no more to load than a minute, and less than 2 MB', () => {
  const [short, long] = [drawings, renderHtml(gallery(8 * 3600))].map((page) => Buffer.byteLength(page));
  expect(long).toBeLessThan(2e6);
  expect(long! / short!).toBeLessThan(2);
});

test('series without a course, a span or a value draw nothing that is no number', () => {
  const courses = [
    [5, 5, 5, 5].map((at, i) => [at, i] as const),
    [0, 1e9, 2e9].map((at) => [at, 0] as const),
    [[-5e9, -1] as const, [1e9, NaN] as const, [2e9, 7] as const],
    [[0, 1e300] as const, [1e18, 1e-300] as const],
  ];
  for (const points of courses) {
    for (const unit of ['ns', '1/s', 'B'] as const) {
      const metrics = ['x', 'trial-rate', 'trial-p99'].map((id) => ({ id, unit, better: 'lower' as const }));
      const measure = () => metrics.map(({ id }) => ({ metric: id, data: { kind: 'series' as const, points } }));
      const html = renderHtml({ run: buildRun([{ id: 'b', quantiles: false, rounds: 1, metrics, measure }]) });
      expect((html.match(/<svg [\s\S]*?<\/svg>/g) ?? []).join('')).not.toMatch(/NaN|Infinity|undefined/);
      expect(tagProblems(html)).toEqual([]);
    }
  }
});
