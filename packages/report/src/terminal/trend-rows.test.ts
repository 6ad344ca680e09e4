import { describe, expect, it } from 'vitest';
import { renderTrendTable, renderTrends, type TrendRow } from './trend-rows.ts';

const look = { colour: false, unicode: true, width: 80 };
const row: TrendRow = {
  name: 'parse',
  title: 'p99 of response-time',
  values: [10, 10, 10, 10, 20, 20, 20, 20],
  marks: [4],
  now: '20 ms',
  notes: [
    { news: 'neither', text: 'a run stands alone' },
    { news: 'worse', text: '+100.0 % [+99.0 %, +101.0 %], 10 ms to 20 ms, after aaaaaaa, by bbbbbbb' },
  ],
};

describe('renderTrends', () => {
  it('draws the values, points at the changes, and says everything', () => {
    expect(renderTrends([row], look)).toBe(
      [
        'parse  p99 of response-time  8 runs, now 20 ms',
        '  ▁▁▁▁████',
        '      ▲',
        '    a run stands alone',
        '  - +100.0 % [+99.0 %, +101.0 %], 10 ms to 20 ms, after aaaaaaa, by bbbbbbb',
        '',
      ].join('\n'),
    );
  });

  it('keeps the pointer under its run when there are more runs than columns', () => {
    const values = Array.from({ length: 600 }, (_, i) => (i < 300 ? 1 : 2));
    const [, drawing, pointers] = renderTrends([{ ...row, values, marks: [300] }], look).split('\n');
    expect(drawing!.trim()).toBe('▁'.repeat(30) + '█'.repeat(30));
    expect(pointers!.indexOf('▲')).toBe(2 + 30);
  });

  it('lets no name command the terminal, and needs nothing but ASCII', () => {
    const text = renderTrends([{ ...row, name: 'par\u001b[31mse\n' }], { ...look, unicode: false });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text).not.toContain('\u001b');
  });
});

describe('renderTrendTable', () => {
  it('has a line for each series, with the first thing that is news, cut to the width', () => {
    const lines = renderTrendTable([row, { ...row, name: 'render', notes: [] }], look).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^parse {2}p99 of response-time {3}▁▁▁▁████ +20 ms {2}\+100\.0 % .*…$/);
    expect(lines[0]!.length).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^render {2}p99 of response-time {2}▁▁▁▁████ +20 ms$/);
  });
});
