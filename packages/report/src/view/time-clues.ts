import { formatQuantity, median, type Judgement } from '@perfkeel/core';
import { isBoundAt, quantileText, roundValues, type BenchmarkView } from './benchmark-view.ts';
import { metricNamed, notableShare, type Clue, type ClueReader } from './clue.ts';
import { viewComponents } from './component-view.ts';
import { marksAtPeak, viewCourse } from './course-view.ts';
import { viewParts } from './part-view.ts';
import { tailQuantile } from './percentiles.ts';
import { enumerate, formatShare, quantileName } from './words.ts';

/** The signals that explain a time, the one that tells most first. */
export const timeClues: readonly ClueReader[] = [
  componentClue,
  partClue,
  serverClue,
  connectionClue,
  generatorClue,
  peakClue,
  collectionClue,
  processorClue,
  milestoneClue,
];

/** `62 % of p99 is backend`. */
function componentClue(view: BenchmarkView): readonly Clue[] {
  const components = viewComponents(view);
  const [first] = components?.rows ?? [];
  const q = components?.quantiles.at(-1);
  const share = first?.shares.at(-1);
  if (!first || q === undefined || share === undefined) return [];
  const usual =
    first.shares.length > 1 && first.shares[0] !== undefined
      ? `, ${formatShare(first.shares[0])} of ${quantileName(components!.quantiles[0]!)}`
      : '';
  return [
    {
      evidence: `${formatShare(share)} of ${quantileName(q)} is ${first.component}${usual}`,
      attempt: `Look into ${first.component} first: all else together is ${formatShare(Math.max(1 - share, 0))} of it.`,
    },
  ];
}

/** From this ratio on, one phase or endpoint is slower than another. */
const slower = 1.5;

function partClue(view: BenchmarkView, { metric }: Judgement): readonly Clue[] {
  if (metric !== view.plan.primary) return [];
  const parts = viewParts(view)
    .filter(({ q }) => q < 1)
    .sort((a, b) => b.tail - a.tail);
  const [worst, best] = [parts[0], parts.at(-1)];
  if (!worst || !best || !(worst.tail > slower * best.tail)) return [];
  const name = quantileName(worst.q);
  return [
    {
      evidence: `${name} is ${worst.tailText} in ${worst.name}, ${best.tailText} in ${best.name}`,
      attempt: `Measure ${worst.name} by itself, or give it an objective of its own: ${name} of ${worst.name}.${metric}.`,
    },
  ];
}

/** The tail of a metric beside the value that was judged, as a share of it. */
function tailBeside(
  view: BenchmarkView,
  id: string,
  { estimate }: Judgement,
): { share: number; words: string } | undefined {
  const metric = metricNamed(view, id);
  if (!metric?.pooled || !estimate || !(estimate.value > 0)) return undefined;
  const q = tailQuantile(metric.pooled);
  const value = metric.pooled.quantile(q);
  return {
    share: value / estimate.value,
    words: `${quantileName(q)} of ${id} is ${quantileText(metric, q)}`,
  };
}

/** Whether the target computes long or answers long: the server-side signal of every load. */
function serverClue(view: BenchmarkView): readonly Clue[] {
  const [firstByte, service] = [metricNamed(view, 'first-byte'), metricNamed(view, 'service-time')];
  const [first, whole] = [firstByte?.pooled, service?.pooled];
  if (!first || !whole) return [];
  const q = Math.min(tailQuantile(first), tailQuantile(whole));
  // Of what was never answered there is no first byte.
  if (isBoundAt(firstByte!, q) || isBoundAt(service!, q)) return [];
  const [until, all] = [first.quantile(q), whole.quantile(q)];
  if (!(all > 0)) return [];
  const share = Math.min(until / all, 1);
  const evidence = `at ${quantileName(q)} the target took ${formatQuantity(until, 'ns')} until its first byte, of ${formatQuantity(all, 'ns')} for the whole answer`;
  return [
    share >= 0.5
      ? {
          evidence,
          attempt:
            'The time passes inside the target before it answers: profile it under this load, as with node --cpu-prof.',
        }
      : {
          evidence,
          attempt: 'Most time passes while the answer arrives: send less, compress it, or stream it sooner.',
        },
  ];
}

function connectionClue(view: BenchmarkView, judgement: Judgement): readonly Clue[] {
  const wait = tailBeside(view, 'connection-wait', judgement);
  const connect = tailBeside(view, 'connect-time', judgement);
  return [
    ...(wait && wait.share >= notableShare
      ? [
          {
            evidence: `requests waited for a connection: ${wait.words}`,
            attempt: 'Raise connections, or see why the target holds them so long.',
          },
        ]
      : []),
    ...(connect && connect.share >= notableShare
      ? [{ evidence: `${connect.words}`, attempt: 'Keep connections alive, or raise the backlog of the target.' }]
      : []),
  ];
}

function generatorClue(view: BenchmarkView, judgement: Judgement): readonly Clue[] {
  const lag = tailBeside(view, 'schedule-lag', judgement);
  if (!lag || lag.share < notableShare) return [];
  return [
    {
      evidence: `the generator itself was late: ${lag.words}`,
      attempt: 'Measure from another machine or with fewer requests per second; service-time has no part in that wait.',
    },
  ];
}

function peakClue(view: BenchmarkView, { metric }: Judgement): readonly Clue[] {
  const course = metric === view.plan.primary ? viewCourse(view) : undefined;
  if (!course?.peak) return [];
  const meanwhile = marksAtPeak(course).map(({ label }) => `“${label}”`);
  return [
    {
      evidence: `p99 stood out over time: ${course.peak.label}${meanwhile.length === 0 ? '' : `, with ${enumerate(meanwhile)}`}`,
      attempt: 'See what the target did at that moment: its log, its garbage collection, its neighbours.',
    },
  ];
}

const middleOf = (view: BenchmarkView, id: string): number | undefined => {
  const metric = metricNamed(view, id);
  const values = metric ? roundValues(metric) : [];
  return values.length === 0 ? undefined : median(values);
};

function collectionClue(view: BenchmarkView): readonly Clue[] {
  const share = middleOf(view, 'gc-time');
  if (share === undefined || share < notableShare / 2) return [];
  const allocated = middleOf(view, 'allocated');
  const each = allocated === undefined ? '' : `; each operation allocates ${formatQuantity(allocated, 'B')}`;
  return [
    {
      evidence: `${formatShare(share)} of the time went into collecting garbage${each}`,
      attempt: 'Allocate less in each operation: reuse buffers, avoid copies.',
    },
  ];
}

/** Whether a time is computing or waiting, where processor time is known of the same thing. */
function processorClue(view: BenchmarkView, { metric }: Judgement): readonly Clue[] {
  const [busy, whole] = [middleOf(view, 'cpu-time'), middleOf(view, metric)];
  if (busy === undefined || whole === undefined || !(whole > 0) || metric === 'cpu-time') return [];
  const share = busy / whole;
  const evidence = `processor time is ${formatQuantity(busy, 'ns')}, ${formatShare(share)} of ${metric}`;
  if (share >= 0.8) {
    const attempt =
      view.plan.kind === 'startup'
        ? 'Starting is computing here: load fewer modules, or load them when they are needed.'
        : 'It is computing, not waiting: take a profile, as with node --cpu-prof.';
    return [{ evidence, attempt }];
  }
  return share <= 0.5
    ? [{ evidence, attempt: 'It waits more than it computes: for files, for the network, or for a processor.' }]
    : [];
}

function milestoneClue(view: BenchmarkView, { metric }: Judgement): readonly Clue[] {
  const [output, ready] = [middleOf(view, 'first-output'), middleOf(view, 'startup-time')];
  if (metric !== 'startup-time' || output === undefined || ready === undefined || !(ready > 0)) return [];
  const share = Math.min(output / ready, 1);
  return [
    { evidence: `the first output comes after ${formatQuantity(output, 'ns')}, ${formatShare(share)} of the way` },
  ];
}
