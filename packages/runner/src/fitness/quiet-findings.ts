import { formatNumber, formatQuantity, quantile, type Finding } from '@perfkeel/core';
import { makeFinding, statusOf, type Limits } from './make-finding.ts';
import type { QuietTime } from './quiet-probe.ts';

/**
 * Shares of all processors, and of the time in which some task waited. They count what other programs do, on a host
 * perhaps those of other containers, and not what it does to this one: the spinning threads decide that.
 */
const foreignLimits: Limits = { note: 0.1, unfit: Infinity };
const pressureLimits: Limits = { note: 0.2, unfit: Infinity };
const stolenLimits: Limits = { note: 0.01, unfit: 0.05 };
/** Nanoseconds at the 95th percentile. Timers count in milliseconds, so that one is always possible. */
const latenessLimits: Limits = { note: 4e6, unfit: 20e6 };

const percent = (share: number): string => formatQuantity(share, 'ratio');

/** What a machine does while nothing is measured on it. */
export function quietFindings(quiet: QuietTime, processors: number): Finding[] {
  return [foreign(quiet, processors), stolen(quiet), ...pressure(quiet), timers(quiet), throttling(quiet)].filter(
    (found) => found !== undefined,
  );
}

function foreign({ foreign }: QuietTime, processors: number): Finding | undefined {
  if (foreign === undefined) return undefined;
  return makeFinding(
    'foreign',
    'Other programs',
    statusOf(foreign / processors, foreignLimits),
    `${formatNumber(Math.round(foreign * 100) / 100)} of ${processors} processors busy with them`,
    'End them, or measure when they have ended.',
  );
}

function stolen({ stolen }: QuietTime): Finding | undefined {
  if (stolen === undefined) return undefined;
  return makeFinding(
    'steal',
    'Stolen by the host',
    statusOf(stolen, stolenLimits),
    percent(stolen),
    'Other virtual machines of this host take processor time: use a dedicated one.',
  );
}

function pressure({ pressure: { cpu, memory, io } }: QuietTime): Finding[] {
  const rows = [
    ['pressure', 'Processor pressure', cpu, 'Programs wait for a processor: end what else runs.'],
    ['memory-pressure', 'Memory pressure', memory, 'Programs wait for memory: end what else runs.'],
    ['io-pressure', 'Disk pressure', io, 'Programs wait for a disk: what reads or writes files is slower now.'],
  ] as const;
  return rows.flatMap(([id, title, share, advice]) =>
    share === undefined
      ? []
      : [
          makeFinding(
            id,
            title,
            statusOf(share, pressureLimits),
            `${percent(share)} of the time some program waited`,
            advice,
          ),
        ],
  );
}

function timers({ lateness }: QuietTime): Finding {
  const [middle, late] = [quantile(lateness, 0.5), quantile(lateness, 0.95)];
  return makeFinding(
    'timers',
    'Timers',
    statusOf(late, latenessLimits),
    `${formatQuantity(middle, 'ns')} late, one in twenty ${formatQuantity(late, 'ns')}`,
    'Work that is due at a time starts late here: end what else runs.',
  );
}

/** A machine that pauses this process while it does nothing would pause any measurement. */
function throttling({ pauses }: QuietTime): Finding | undefined {
  if (pauses === 0) return undefined;
  return makeFinding(
    'throttling',
    'Paused by the quota',
    'unfit',
    `${pauses} times while nothing was done here`,
    'Something else in this container uses up its processor quota: raise the quota, or end it.',
  );
}
