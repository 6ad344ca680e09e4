import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '@perfkeel/runner';
import type { Io } from './io.ts';
import { createLive } from './live.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** A terminal that knows as much as is sent to it, and is as narrow as a real one. */
class Terminal {
  readonly isTTY = true;
  readonly rows: string[] = [''];
  readonly columns: number;
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    for (const [token, up] of text.matchAll(/\x1b\[(?:(\d+)A|0J)|[\s\S]/g)) {
      if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
      else if (token.length > 1) {
        this.rows.length = this.#row + 1;
        this.rows[this.#row] = this.rows[this.#row]!.slice(0, this.#column);
      } else this.#put(token);
    }
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row++;
      this.#column = 0;
      this.rows[this.#row] ??= '';
    } else {
      if (this.#column >= this.columns) throw new Error(`too wide: ${this.rows[this.#row]}`);
      const row = this.rows[this.#row]!.padEnd(this.#column);
      this.rows[this.#row] = row.slice(0, this.#column) + character + row.slice(this.#column + 1);
      this.#column++;
    }
  }
}

const plan = { seed: 1, short: false, benchmarks: [{}, {}] } as unknown as Extract<
  RunEvent,
  { type: 'planned' }
>['plan'];
const planned: RunEvent = { type: 'planned', plan, rounds: 8 };
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

describe('on a terminal', () => {
  it.each([[40], [80], [200]])('of %d columns everything is shown, and nothing is wider than it', (columns) => {
    const terminal = new Terminal(columns);
    const live = createLive(ioOf(terminal));
    for (const event of [planned, round]) live.onEvent(event);
    for (let second = 0; second < 5; second++) {
      live.onEvent(progress);
      vi.advanceTimersByTime(1000);
    }
    const shown = terminal.rows.join(' ').replace(/\s+/g, ' ');
    expect(shown).toMatch(/^\S orders round 2 4 of 8 5s hold 12 s of 60 s, 48 s left: 300\/s due, /);
    expect(shown.endsWith(line.slice(12))).toBe(true);
    live.end();
    expect(terminal.rows).toEqual(['']);
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
    expect(terminal.rows).toEqual(['first', 'second', '! orders: no database', 'last', '']);
  });

  it('a name of others cannot command it', () => {
    const terminal = new Terminal(60);
    const live = createLive(ioOf(terminal));
    live.onEvent({ ...round, benchmark: 'a\x1b[2Jb\r\nc' });
    vi.advanceTimersByTime(250);
    expect(terminal.rows).toEqual(['⠋ ab c  round 2  4 of 0  0s']);
    live.end();
  });
});

describe('elsewhere', () => {
  const written = (env = {}) => {
    const texts: string[] = [];
    const live = createLive(ioOf({ write: (text: string) => texts.push(text), isTTY: 'CI' in env }, env));
    return { texts, live };
  };

  it('is a line every ten seconds, with what the round says of itself', () => {
    const { texts, live } = written();
    for (const event of [planned, round]) live.onEvent(event);
    for (let second = 0; second < 25; second++) {
      live.onEvent(progress);
      vi.advanceTimersByTime(1000);
    }
    live.end();
    vi.advanceTimersByTime(60_000);
    expect(texts).toEqual([
      '00:00:00  measuring 2 benchmarks in 8 rounds\n',
      '00:00:00  orders  round 2  4 of 8  0s\n',
      `00:00:10  orders  round 2  4 of 8  10s  ${line}\n`,
      `00:00:20  orders  round 2  4 of 8  20s  ${line}\n`,
    ]);
  });

  it('many short rounds are no more lines; failures are always told', () => {
    const { texts, live } = written({ CI: 'true' });
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
});
