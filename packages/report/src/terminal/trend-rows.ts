import { sparkline } from './bars.ts';
import { createTerminal, type Terminal, type TerminalOptions } from './terminal.ts';
import { pad, visibleWidth, wrap } from './text-width.ts';

/** A series over the runs of a project, as a terminal shows it. */
export interface TrendRow {
  readonly name: string;
  /** What of it is shown: `p99 of response-time`. */
  readonly title: string;
  /** One value a run, oldest first. */
  readonly values: readonly number[];
  /** Places in `values` at which another level begins. */
  readonly marks: readonly number[];
  /** The newest level, with its unit. */
  readonly now: string;
  readonly notes: readonly {
    readonly news: 'worse' | 'better' | 'neither';
    readonly text: string;
  }[];
}

/** Columns of a drawing: in a line of its own, and in a table. */
const [wide, narrow] = [60, 24] as const;

const [mostNameColumns, mostValueColumns] = [48, 24] as const;

/** Shorter names say little. */
const leastName = 20;

/** Every row with its drawing, the places where its level changed, and all that is to be said. */
export function renderTrends(rows: readonly TrendRow[], options: TerminalOptions): string {
  const terminal = createTerminal(options);
  return `${rows.map((row) => detail(terminal, row).join('\n')).join('\n\n')}\n`;
}

/** One line for each row: its drawing, its newest level, and the first thing to be said that is news. */
export function renderTrendTable(rows: readonly TrendRow[], options: TerminalOptions): string {
  const terminal = createTerminal(options);
  const values = rows.map(({ now }) => terminal.name(now, mostValueColumns));
  const left = terminal.width - narrow - 4 - Math.max(0, ...values.map(visibleWidth));
  if (left < leastName) return rows.map((row, i) => stacked(terminal, row, values[i]!)).join('');
  const names = rows.map(({ name, title }) => terminal.name(`${name}  ${title}`, Math.min(mostNameColumns, left)));
  const [nameWidth, valueWidth] = [names, values].map((texts) => Math.max(0, ...texts.map(visibleWidth)));
  const lines = rows.map(({ values: points, notes }, i) => {
    const drawing = pad(sparkline(points, narrow, terminal.glyphs.bars), narrow);
    const start = `${pad(names[i]!, nameWidth!)}  ${drawing}  ${pad(values[i]!, valueWidth!, 'start')}`;
    const room = terminal.width - visibleWidth(start) - 2;
    const first = notes.find(({ news }) => news !== 'neither');
    if (first === undefined || room < 10) return start.trimEnd();
    return `${start}  ${paintOfNews(terminal, first.news)(cut(terminal, first.text, room))}`;
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Where one line would leave no room for the name, it has one of its own. */
function stacked(terminal: Terminal, { name, title, values, notes }: TrendRow, now: string): string {
  const drawing = sparkline(values, Math.min(narrow, terminal.width - 4 - visibleWidth(now)), terminal.glyphs.bars);
  const first = notes.find(({ news }) => news !== 'neither');
  const lines = [
    terminal.name(`${name}  ${title}`, terminal.width),
    `  ${drawing}  ${now}`,
    ...(first === undefined
      ? []
      : [`  ${paintOfNews(terminal, first.news)(cut(terminal, first.text, terminal.width - 2))}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function cut(terminal: Terminal, text: string, room: number): string {
  const lines = wrap(terminal.clean(text), room);
  if (lines.length === 1) return lines[0]!;
  // Half a number would be another one.
  return wrap(terminal.clean(text), room - visibleWidth(terminal.glyphs.ellipsis))[0]! + terminal.glyphs.ellipsis;
}

function detail(terminal: Terminal, { name, title, values, marks, now, notes }: TrendRow): string[] {
  const columns = Math.min(wide, terminal.width - 2, values.length);
  const runs = `${values.length} run${values.length === 1 ? '' : 's'}`;
  const end = `${runs}, now ${terminal.clean(now)}`;
  const text = `${terminal.clean(name)}  ${terminal.clean(title)}`;
  const head =
    visibleWidth(text) + 2 + visibleWidth(end) <= terminal.width
      ? [`${terminal.bold(terminal.clean(name))}  ${terminal.clean(title)}  ${terminal.dim(end)}`]
      : [...terminal.prose(text, 0).map(terminal.bold), ...terminal.prose(end, 2).map(terminal.dim)];
  const pointers = Array.from({ length: columns }, () => ' ');
  for (const mark of marks) pointers[Math.floor((mark * columns) / values.length)] = terminal.glyphs.direction.up;
  return [
    ...head,
    `  ${sparkline(values, columns, terminal.glyphs.bars)}`,
    ...(marks.length === 0 ? [] : [`  ${pointers.join('').trimEnd()}`]),
    ...notes.flatMap(({ news, text }) => {
      const paint = paintOfNews(terminal, news);
      return terminal.prose(text, 4, `  ${signs[news]} `).map(paint);
    }),
  ];
}

const signs = { worse: '-', better: '+', neither: ' ' } as const;

const paintOfNews = (terminal: Terminal, news: TrendRow['notes'][number]['news']): ((text: string) => string) =>
  news === 'neither' ? terminal.dim : news === 'worse' ? terminal.red : terminal.green;
