import { performance } from 'node:perf_hooks';
import { formatQuantity, type Finding } from '@perfkeel/core';
import { makeFinding, statusOf, type Limits } from './make-finding.ts';
import { readText, type ReadText } from './read-text.ts';

const readings = 20_000;
/** Nanoseconds. A clock that costs ten microseconds would be the most of what it measures. */
const limits: Limits = { note: 1000, unfit: 10_000 };

/** The clock that measures: its smallest step, what a reading costs, and where Linux takes it from. */
export function clockFindings(): Finding[] {
  const { step, cost } = readClock();
  const value = `step ${formatQuantity(step, 'ns')}, ${formatQuantity(cost, 'ns')} a reading`;
  return [
    makeFinding(
      'clock',
      'Clock',
      statusOf(Math.max(step, cost), limits),
      value,
      'A coarse or slow clock hides short operations.',
    ),
    ...clockSource(),
  ];
}

/** The smallest step that two readings can differ by, and the time that one takes. Nanoseconds. */
function readClock(): { readonly step: number; readonly cost: number } {
  let smallest = Infinity;
  const begun = performance.now();
  for (let i = 0, before = begun; i < readings; i++) {
    const now = performance.now();
    if (now > before) smallest = Math.min(smallest, now - before);
    before = now;
  }
  return { step: smallest * 1e6, cost: ((performance.now() - begun) * 1e6) / readings };
}

/** Sources that a program reads without asking the kernel. The others cost a microsecond and more. */
const quickSources = /^(tsc|kvm-clock|hyperv_clocksource_tsc_page|arch_sys_counter|riscv_clocksource|timebase|tod)$/;

export function clockSource(read: ReadText = readText): Finding[] {
  const source = read('/sys/devices/system/clocksource/clocksource0/current_clocksource');
  if (source === undefined || source === '') return [];
  const status = quickSources.test(source) ? 'ok' : 'note';
  return [makeFinding('clock-source', 'Clock source', status, source, 'Readings ask the kernel: `tsc` is quicker.')];
}
