import type { Trial } from '../svg/knee-plot.ts';
import type { BenchmarkView } from './benchmark-view.ts';
import { seriesOf } from './course-view.ts';

/** Fewer rates show no knee. */
const fewest = 2;

/** The rates that a search for a capacity tried, in all rounds; `undefined` when there are too few to draw. */
export function viewTrials({ metrics }: BenchmarkView): readonly Trial[] | undefined {
  const seriesNamed = (id: string): ReadonlyMap<string, number> => {
    const metric = metrics.find((view) => view.metric.id === id);
    const all = metric ? seriesOf(metric) : [];
    return new Map(all.flatMap(({ round, points }) => points.map(([at, value]) => [`${round} ${at}`, value])));
  };
  const [rates, answered, p99s] = ['trial-rate', 'trial-throughput', 'trial-p99'].map(seriesNamed);
  const trials = [...rates!].map(([when, rate]) => ({ rate, throughput: answered!.get(when), p99: p99s!.get(when) }));
  return new Set(trials.map(({ rate }) => rate)).size < fewest ? undefined : trials;
}
