import { cellCount, highestOf, nanos, type HistogramData, type Nanos } from '@perfkeel/core';
import type { PlannedWindow, WindowReading } from '../planned-window.ts';
import type { LoadProfile } from '../profile/load-profile.ts';
import { windowsOf, type Window } from '../profile/phase.ts';
import { HistogramDelta } from './histogram-delta.ts';
import type { LoadRecord } from './load-recorder.ts';
import { cellsOf } from './sparse-histogram.ts';

/** Of all windows of one length, the one in which something was worst. */
export interface WorstWindow extends Window {
  /** The metric that objectives mean by it. */
  readonly metric: string;
  /** In the unit of that metric. */
  readonly value: number;
}

/** What was over in about a second, of the requests of measured phases. */
interface Sample extends Window {
  readonly completed: number;
  readonly failed: number;
  readonly times: HistogramData;
}

/** Timers are not exact: so much of a window has to be there, and so much of it may lie outside of what is measured. */
const tolerance = 0.05;

/**
 * Looks at a run through windows that move on with every sample. A request counts where it was over, and only when its
 * phase is measured; those that are over behind the last phase belong to the last window.
 *
 *     |-1-|-2-|-3-|-4-|-5-|        windows of three samples: 1 to 3, 2 to 4, 3 to 5
 */
export class WindowWatch {
  readonly #windows: readonly MovingWindow[];
  readonly #tallies: readonly LoadRecord['phases'][number][];
  readonly #times: HistogramDelta | undefined;
  #before = { end: nanos(0), completed: 0, failed: 0 };

  constructor(planned: readonly PlannedWindow[], { phases }: LoadProfile, records: readonly LoadRecord[]) {
    const stretches = measuredStretches(phases);
    this.#windows = planned.map((window) => new MovingWindow(window, stretches));
    const measured = phases.flatMap(({ record }, i) => (record ? [i] : []));
    this.#tallies = records.flatMap((record) => measured.map((i) => record.phases[i]!));
    if (planned.length > 0) this.#times = new HistogramDelta(this.#tallies.map(({ responseTime }) => responseTime));
  }

  /** The worst so far; nothing of those in which nothing was over yet. */
  get worst(): readonly WorstWindow[] {
    return this.#windows.flatMap(({ worst }) => worst ?? []);
  }

  /** Ends a sample at `end`. */
  sample(end: Nanos): void {
    if (this.#times === undefined) return;
    const completed = this.#tallies.reduce((sum, tally) => sum + tally.read('completed'), 0);
    const failed = this.#tallies.reduce((sum, tally) => sum + tally.failed, 0);
    const before = this.#before;
    const sample: Sample = {
      ...{ start: before.end, end, times: this.#times.take() },
      completed: completed - before.completed,
      failed: failed - before.failed,
    };
    this.#before = { end, completed, failed };
    for (const window of this.#windows) window.add(sample);
  }

  /** Ends the last sample. A run that was shorter than a window is one. */
  end(at: Nanos): readonly WorstWindow[] {
    this.sample(at);
    for (const window of this.#windows) window.close();
    return this.worst;
  }
}

/** Phases that are measured without a pause between them are one stretch. */
function measuredStretches(phases: LoadProfile['phases']): readonly Window[] {
  const stretches: Window[] = [];
  for (const [i, { start, end }] of windowsOf(phases).entries()) {
    if (!phases[i]!.record) continue;
    const last = stretches.at(-1);
    if (last?.end === start) stretches.splice(-1, 1, { start: last.start, end });
    else stretches.push({ start, end });
  }
  return stretches;
}

class MovingWindow {
  worst: WorstWindow | undefined;
  readonly #planned: PlannedWindow;
  readonly #stretches: readonly Window[];
  readonly #samples: Sample[] = [];
  /** How many values of the samples lie in each cell. */
  readonly #cells = new Float64Array(cellCount);
  #completed = 0;
  #failed = 0;

  constructor(planned: PlannedWindow, stretches: readonly Window[]) {
    this.#planned = planned;
    this.#stretches = stretches;
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    this.#count(sample, 1);
    const whole = (1 - tolerance) * this.#planned.duration;
    while (this.#samples.length > 1 && sample.end - this.#samples[1]!.start >= whole) {
      this.#count(this.#samples.shift()!, -1);
    }
    if (sample.end - this.#samples[0]!.start >= whole) this.#look();
  }

  close(): void {
    if (this.worst === undefined) this.#look();
  }

  #count({ completed, failed, times }: Sample, sign: 1 | -1): void {
    this.#completed += sign * completed;
    this.#failed += sign * failed;
    for (const [cell, count] of cellsOf(times)) this.#cells[cell] = this.#cells[cell]! + sign * count;
  }

  #look(): void {
    const { metric, reading } = this.#planned;
    const [start, end] = [this.#samples[0]!.start, this.#samples.at(-1)!.end];
    const value = this.#read(reading, { start, end });
    if (value === undefined) return;
    const isWorse =
      metric.better === 'higher' ? value < (this.worst?.value ?? Infinity) : value > (this.worst?.value ?? -1);
    if (isWorse) this.worst = { metric: metric.id, value, start, end };
  }

  #read(reading: WindowReading, window: Window): number | undefined {
    const over = this.#completed + this.#failed;
    // Without load there is no throughput to speak of.
    if (reading.kind === 'throughput') {
      return this.#isMeasured(window) ? (this.#completed * 1e9) / (window.end - window.start) : undefined;
    }
    if (over === 0) return undefined;
    return reading.kind === 'errors' ? this.#failed / over : this.#quantile(reading.q, over);
  }

  #isMeasured({ start, end }: Window): boolean {
    const slack = tolerance * this.#planned.duration;
    return this.#stretches.some((stretch) => start >= stretch.start - slack && end <= stretch.end + slack);
  }

  /** As `Histogram.quantile` has it within a cell. */
  #quantile(q: number, count: number): number {
    // 0.99 x 100 is a little more than 99 in binary.
    const rank = Math.max(1, Math.ceil(q * count - 1e-9 * count));
    let seen = 0;
    for (let cell = 0; cell < cellCount; cell++) {
      seen += this.#cells[cell]!;
      if (seen >= rank) return highestOf(cell);
    }
    return NaN;
  }
}
