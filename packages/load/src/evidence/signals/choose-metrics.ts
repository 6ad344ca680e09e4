/** A metric of a page that tells a signal. */
export interface SignalTeller {
  readonly signal: string;
  /** As the page calls it, without the suffixes of times. */
  readonly metric: string;
  /** Its place in the table of signals: the lower, the surer. */
  readonly entry: number;
  /** It tells more than others do: the buckets of its times, or that it is a count. */
  readonly isDetailed: boolean;
}

/** Which of several metrics a signal was read from. */
export interface MetricChoice {
  readonly signal: string;
  readonly read: string;
  /** Those that go by the same name but for a word. Of names that differ altogether the better known one is no news. */
  readonly leftOut: readonly string[];
}

/** What `users_cache_hits` and `users_cache_misses` have in common: rates of two caches are none of either. */
const ownerOf = (metric: string): string => /^(.*?(?:cache|keyspace|pool|connection))/.exec(metric)?.[1] ?? metric;

/**
 * One metric for each signal: several of them may tell the same twice, or of different things, and their sum is neither.
 * Preferred is who tells the most signals, then what the table knows best, what tells the most, and what is shortest: the
 * same one on every page.
 */
export function chooseMetrics(tellers: readonly SignalTeller[]): readonly MetricChoice[] {
  const told = new Map<string, Set<string>>();
  for (const { metric, signal } of tellers) {
    const owner = ownerOf(metric);
    told.set(owner, (told.get(owner) ?? new Set()).add(signal));
  }
  const tells = ({ metric }: SignalTeller): number => told.get(ownerOf(metric))!.size;
  const ranked = [...tellers].sort(
    (a, b) =>
      tells(b) - tells(a) ||
      a.entry - b.entry ||
      Number(b.isDetailed) - Number(a.isDetailed) ||
      a.metric.length - b.metric.length ||
      (a.metric < b.metric ? -1 : 1),
  );
  return [...new Set(ranked.map(({ signal }) => signal))].map((signal) => {
    const [best, ...others] = ranked.filter((one) => one.signal === signal);
    const alike = others.filter(({ metric, entry }) => metric !== best!.metric && entry === best!.entry);
    return { signal, read: best!.metric, leftOut: [...new Set(alike.map(({ metric }) => metric))] };
  });
}
