import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metrics } from '@perfkeel/core';
import type { RunEvent } from '@perfkeel/runner';
import type { Io } from './io.ts';
import { createLive } from './live.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** A terminal that knows as much as is sent to it, is as narrow as a real one, and breaks long rows when it becomes narrower. */
class Terminal {
  readonly isTTY = true;
  rows: number | undefined;
  columns: number;
  cursor: 'shown' | 'hidden' = 'shown';
  lines: string[] = [''];
  writes = 0;
  /** Whether rows were ever emptied before they were written again. */
  flickered = false;
  #row = 0;
  #column = 0;

  constructor(columns: number, rows?: number) {
    this.columns = columns;
    this.rows = rows;
  }

  resize(columns: number): void {
    const broken = this.lines.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
    this.#row = broken.slice(0, this.#row + 1).flat().length - 1;
    this.lines = broken.flat();
    this.#column = this.lines[this.#row]!.length;
    this.columns = columns;
  }

  write(text: string): void {
    this.writes++;
    if (/\x1b\[\d*J./.test(text) && !text.includes('! ')) this.flickered = true;
    for (const [token, up, how] of text.matchAll(/\x1b\[(?:(\d+)A|(?:\?25|0)?([JKhl])|\d+m)|[\s\S]/g)) {
      if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
      else if (how === 'h' || how === 'l') this.cursor = how === 'h' ? 'shown' : 'hidden';
      else if (how !== undefined) this.#erase(how);
      else if (token.length === 1) this.#put(token);
    }
  }

  #erase(how: string): void {
    if (how === 'J') this.lines.length = this.#row + 1;
    this.lines[this.#row] = this.lines[this.#row]!.slice(0, this.#column);
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row++;
      this.#column = 0;
      this.lines[this.#row] ??= '';
    } else {
      if (this.#column >= this.columns) throw new Error(`too wide: ${this.lines[this.#row]}`);
      const line = this.lines[this.#row]!.padEnd(this.#column);
      this.lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
      this.#column++;
    }
  }
}

const benchmarks = [
  { id: 'orders', rounds: 4, objectives: [] },
  { id: 'parse', rounds: 4, objectives: [] },
];
const plan = { seed: 1, short: false, benchmarks } as unknown as Extract<RunEvent, { type: 'planned' }>['plan'];
const planned: RunEvent = { type: 'planned', plan, rounds: 8 };
const fitness = { fit: true, smallestChange: 0.0184, findings: [] };
const examined: RunEvent = { type: 'examined', fitness };
const round: RunEvent = { type: 'round', benchmark: 'orders', round: 1, done: 3, rounds: 8 };
const line =
  'hold 12 s of 60 s, 48 s left: 300/s due, 299/s sent, p50 2 ms, p99 8 ms, 0.1% errors, lag 0.1 ms, 3 in flight';
const progress: RunEvent = { type: 'progress', benchmark: 'orders', text: line };
const output = (text: string): RunEvent => ({ type: 'output', benchmark: 'orders', text });
const failed: RunEvent = {
  type: 'failed',
  failure: { benchmark: 'orders', error: { code: 'threw', message: 'no database\nat x', exitCode: 4 } },
};

const ioOf = (stderr: Io['stderr'], env = {}): Io => ({
  ...{ cwd: '/', env: { LANG: 'C.UTF-8', ...env }, stdout: stderr, stderr, onSignal: () => undefined },
});

const machine = `on ${hostname()} · node ${process.versions.node}`;

describe('on a terminal', () => {
  it.each([[40], [80], [200]])('of %d columns everything is shown, and nothing is wider than it', (columns) => {
    const terminal = new Terminal(columns);
    const live = createLive(ioOf(terminal));
    for (const event of [planned, round]) live.onEvent(event);
    for (let second = 0; second < 5; second++) {
      live.onEvent(progress);
      vi.advanceTimersByTime(1000);
    }
    const shown = terminal.lines.join(' ').replace(/\s+/g, ' ');
    expect(shown).toMatch(/ ?\S orders round 2 of 4 4 of 8 in all 5s hold 12 s of 60 s, 48 s left: 300\/s due, /);
    expect(shown.endsWith(line.slice(12))).toBe(true);
    expect([terminal.flickered, terminal.cursor, terminal.lines.length <= 6]).toEqual([false, 'hidden', true]);
    live.end();
    expect([terminal.lines, terminal.cursor]).toEqual([[''], 'shown']);
  });

  it('says where it measures, how fit that is, and how long it will take', () => {
    const terminal = new Terminal(120);
    const live = createLive(ioOf(terminal, { NO_COLOR: '1' }), { against: 'main' });
    vi.advanceTimersByTime(250);
    expect(terminal.lines).toEqual([`measuring ${machine} · against main`, '⠋ reading perf files']);
    const rounds = ['orders', 'parse', 'orders', 'parse'].map((benchmark, done): RunEvent => {
      return { type: 'round', benchmark, round: done >> 1, done, rounds: 8 };
    });
    // Half a minute each of one, and a second each of the other.
    for (const event of [examined, planned, ...rounds]) {
      live.onEvent(event);
      if (event.type === 'round') vi.advanceTimersByTime(event.benchmark === 'orders' ? 30_000 : 1000);
    }
    expect(terminal.lines[0]).toBe(`measuring ${machine} · against main · fit, sees changes from 1.8 %`);
    expect(terminal.lines[1]).toMatch(/^\S parse {3}round 2 of 4 {3}4 of 8 in all {3}1m 02s, about 1m 02s left$/);
    live.end();
  });

  it('does not say how long it will take while a search is to come', () => {
    const terminal = new Terminal(120);
    const live = createLive(ioOf(terminal, { NO_COLOR: '1' }));
    const searched = plan.benchmarks.map((one) => (one.id === 'parse' ? { ...one, kind: 'capacity' } : one));
    live.onEvent({ type: 'planned', plan: { ...plan, benchmarks: searched }, rounds: 8 });
    const status = ['orders', 'orders', 'parse', 'orders'].map((benchmark, done) => {
      live.onEvent({ type: 'round', benchmark, round: 0, done, rounds: 8 });
      vi.advanceTimersByTime(30_000);
      return / left$/.test(terminal.lines[1]!);
    });
    expect(status).toEqual([false, false, false, true]);
    live.end();
  });

  it('draws each moment in one write, and over what was there', () => {
    const terminal = new Terminal(100);
    const live = createLive(ioOf(terminal));
    for (const event of [planned, round, progress]) live.onEvent(event);
    vi.advanceTimersByTime(5000);
    expect([terminal.writes, terminal.flickered]).toEqual([20, false]);
    live.end();
  });

  it('leaves nothing behind when the window becomes narrower or wider, and fits a low one', () => {
    const terminal = new Terminal(120, 5);
    terminal.write('$ perfkeel run\n');
    const live = createLive(ioOf(terminal));
    for (const event of [planned, round, progress]) live.onEvent(event);
    for (const columns of [120, 50, 31, 24, 90]) {
      terminal.resize(columns);
      vi.advanceTimersByTime(250);
      const [typed, ...block] = terminal.lines;
      expect([typed, block.length <= 4]).toEqual(['$ perfkeel run', true]);
      expect(block.join(' ')).toMatch(/^(?:measuring.*)?\S orders/);
    }
    live.end();
    expect(terminal.lines).toEqual(['$ perfkeel run', '']);
  });

  it('what stays is written above what is redrawn, whole lines at a time', () => {
    const terminal = new Terminal(60);
    const live = createLive(ioOf(terminal), { output: true });
    for (const event of [planned, round, progress]) live.onEvent(event);
    vi.advanceTimersByTime(1000);
    for (const event of [output('first\nsec'), output('ond\n'), failed, output('last')]) {
      live.onEvent(event);
      vi.advanceTimersByTime(1000);
    }
    live.end();
    expect(terminal.lines).toEqual(['first', 'second', '! orders: no database', 'last', '']);
  });

  it('a name of others cannot command it', () => {
    const terminal = new Terminal(60);
    const live = createLive(ioOf(terminal));
    live.onEvent({ ...round, benchmark: 'a\x1b[2Jb\r\nc' });
    vi.advanceTimersByTime(250);
    expect(terminal.lines.at(-1)).toBe('⠋ ab c   round 2   4 of 8 in all   0s');
    live.end();
  });

  it('a long name leaves room for the figures', () => {
    const terminal = new Terminal(120);
    const live = createLive(ioOf(terminal));
    live.onEvent({ ...round, benchmark: `\u202e${'x'.repeat(3000)}end` });
    vi.advanceTimersByTime(250);
    expect(terminal.lines.at(-1)).toBe(`⠋ ${'x'.repeat(30)}…${'x'.repeat(26)}end   round 2   4 of 8 in all   0s`);
    live.end();
  });

  it('has only plain characters and no colours where others would not arrive', () => {
    const terminal = new Terminal(70);
    let sent = '';
    const recording = {
      ...ioOf({ isTTY: true, columns: 70, write: (text) => ((sent += text), terminal.write(text)) }),
    };
    const live = createLive({ ...recording, env: { LANG: 'C', NO_COLOR: '1' } });
    for (const event of [planned, round, { ...progress, text: 'p50 2 µs' } as RunEvent]) live.onEvent(event);
    vi.advanceTimersByTime(250);
    live.end();
    expect(sent.replaceAll(/\x1b\[(?:\d+A|\?25[hl]|0J|K)/g, '')).toMatch(/^[\x20-\x7e\r\n]*p50 2 us[\x20-\x7e\r\n]*$/);
  });
});

describe('elsewhere', () => {
  const listening = process.listenerCount('exit');

  const written = (env = {}) => {
    const texts: string[] = [];
    const live = createLive(ioOf({ write: (text: string) => texts.push(text), isTTY: 'CI' in env }, env));
    return { texts, live };
  };

  it('asks about a promise that is turned round, at its line', () => {
    const { texts, live } = written();
    const orders = {
      ...{ ...benchmarks[0]!, metrics: [metrics.errors], objectives: ['errors > 1%'] },
      location: { file: '/perf/a.perf.ts', line: 4, column: 1 },
    };
    const event = { ...planned, plan: { ...plan, benchmarks: [orders] } } as unknown as RunEvent;
    for (const one of [event, event]) live.onEvent(one);
    live.end();
    expect(texts.map((text) => text.slice(10)).filter((text) => text.startsWith('warning'))).toEqual([
      'warning  perf/a.perf.ts:4: "errors > 1%" is kept by what is more than 1%; did you mean "errors < 1%"?\n',
    ]);
  });

  it('names a perf file that takes long to read', () => {
    const { texts, live } = written();
    live.onEvent({ type: 'reading', file: 'perf/a.perf.ts' });
    live.end();
    expect(texts.map((text) => text.slice(10))).toEqual(['reading perf/a.perf.ts\n']);
  });

  it('is a line every ten seconds, with what the round says of itself', () => {
    const { texts, live } = written();
    for (const event of [examined, planned, round]) live.onEvent(event);
    for (let second = 0; second < 25; second++) {
      live.onEvent(progress);
      vi.advanceTimersByTime(1000);
    }
    live.end();
    vi.advanceTimersByTime(60_000);
    expect(texts).toEqual([
      '00:00:00  the machine is fit, sees changes from 1.8 %\n',
      `00:00:00  measuring 2 benchmarks in 8 rounds ${machine.replace(' ·', ',')}\n`,
      '00:00:00  orders  round 2 of 4  4 of 8 in all  0s\n',
      `00:00:10  orders  round 2 of 4  4 of 8 in all  10s  ${line}\n`,
      `00:00:20  orders  round 2 of 4  4 of 8 in all  20s  ${line}\n`,
    ]);
  });

  it('many short rounds are no more lines; failures are always told', () => {
    const { texts, live } = written({ CI: 'true', TERM: 'dumb' });
    live.onEvent(planned);
    for (let i = 0; i < 200; i++) {
      live.onEvent(round);
      vi.advanceTimersByTime(100);
    }
    live.onEvent(failed);
    live.end();
    expect(texts.filter((text) => text.includes('4 of 8'))).toHaveLength(3);
    expect(texts.at(-1)).toBe('00:00:20  could not measure orders: no database\n');
    expect(texts.join('')).not.toMatch(/[\x1b\r]/);
  });

  it('what the user prints is written as it comes', () => {
    const texts: string[] = [];
    const live = createLive(ioOf({ write: (text: string) => texts.push(text) }), { output: true });
    live.onEvent(output('half '));
    live.onEvent(output('line\n'));
    live.end();
    expect(texts).toEqual(['half ', 'line\n']);
  });

  it('folds in a log of GitHub, whatever names and programs write; the group is closed once', () => {
    const { texts, live } = written({ CI: 'true', GITHUB_ACTIONS: 'true' });
    const hostile = {
      ...plan,
      benchmarks: [{ id: '100 %\r\n::endgroup::\n::error::x', rounds: 8, objectives: [] }],
    } as unknown as typeof plan;
    for (const event of [examined, { ...planned, plan: hostile } as RunEvent, planned, round, failed])
      live.onEvent(event);
    live.onEvent(output('no end of line'));
    live.end();
    live.end();
    const log = texts.join('').split('\n');
    expect(log.slice(0, 2)).toEqual([
      '00:00:00  the machine is fit, sees changes from 1.8 %',
      '::group::measuring 1 benchmark: 100 %25 ::endgroup:: ::error::x',
    ]);
    expect(log.filter((line) => line.startsWith('::'))).toEqual([log[1], '::endgroup::']);
    expect(log.slice(-4)).toEqual(['00:00:00  could not measure orders: no database', '', '::endgroup::', '']);
    expect(process.listenerCount('exit')).toBe(listening);
  });

  it.each([
    ['nothing was measured', { GITHUB_ACTIONS: 'true' }, [examined]],
    ['another program runs on GitHub', { CI: 'true' }, [examined, planned, round]],
    ['Nx has one for its task', { GITHUB_ACTIONS: 'true', NX_TASK_TARGET_PROJECT: 'orders' }, [planned, round]],
  ])('has no group where %s', (_, env, events) => {
    const { texts, live } = written(env);
    for (const event of events) live.onEvent(event);
    live.end();
    expect(texts.join('')).not.toContain('group::');
  });

  it('a process that ends meanwhile closes the group', () => {
    const { texts, live } = written({ GITHUB_ACTIONS: 'true' });
    live.onEvent(planned);
    const [last] = process.listeners('exit').slice(-1);
    last!.call(process, 130);
    expect([texts.at(-1), process.listenerCount('exit')]).toEqual(['::endgroup::\n', listening]);
    live.end();
    expect(texts.at(-1)).toBe('::endgroup::\n');
  });
});
