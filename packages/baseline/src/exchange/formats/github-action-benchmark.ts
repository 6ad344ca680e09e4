import type { Better } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignRun, Importer } from '../foreign.ts';
import { kebab, metricOf, stated, valueOf } from '../foreign-values.ts';
import { importError } from '../import-error.ts';
import { parseJson } from '../parse-json.ts';
import { Place } from '../place.ts';
import { timeOf } from '../time-text.ts';
import { readUnit } from '../unit-words.ts';

/** The action coerces what it reads, so files hold numbers in quotes, too. */
function numberOf(place: Place): number {
  const { value } = place;
  const isText = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return isText ? Number(value) : place.number();
}

/** Tools whose numbers are rates; `customBiggerIsBetter` says so itself. */
const bigger = /^(customBiggerIsBetter|benchmarkjs|pytest)$/;

const betterOf = (tool: string | undefined): Better | undefined =>
  tool === undefined ? undefined : bigger.test(tool) ? 'higher' : 'lower';

/** The direction that the tool gives to the whole file wins over that of the unit. */
function benchmarkOf(bench: Place, better: Better | undefined, group?: string): ForeignBenchmark {
  const name = bench.field('name').text();
  const unit = bench.field('unit').maybeText() ?? '';
  // Of go the unit may go on with other metrics: "48.6 ns/op\t48 B/op".
  const meaning = readUnit(unit.split('\t')[0]!);
  const value = numberOf(bench.field('value')) * (meaning?.scale ?? 1);
  const metric = meaning
    ? metricOf(meaning.metric, meaning.unit, better ?? meaning.better)
    : metricOf(kebab(unit), 'count', better ?? 'neither');
  const data = stated('github-action-benchmark', value);
  return { name, ...(group === undefined ? {} : { group }), values: [valueOf(metric, data)] };
}

const isBench = (place: Place): boolean => place.has('name', 'value') && !place.has('result');

const ofList = (name: string, sniff: (root: Place) => boolean, better?: Better): Importer<Place> => ({
  name,
  sniff,
  read: (root) => [
    { tool: 'github-action-benchmark', benchmarks: root.items().map((bench) => benchmarkOf(bench, better)) },
  ],
});

const isList = (root: Place): boolean =>
  Array.isArray(root.value) && root.items().length > 0 && root.items().every(isBench);

/** The list that the custom tools of the action read. It does not say what is better: its units do, or nobody. */
export const githubActionBenchmark = ofList('github-action-benchmark', isList);

/** The same list, of which one knows that it was for `customSmallerIsBetter`. */
export const customSmallerIsBetter = ofList('customSmallerIsBetter', () => false, 'lower');

export const customBiggerIsBetter = ofList('customBiggerIsBetter', () => false, 'higher');

function runOfEntry(suite: string, entry: Place, project: string | undefined): ForeignRun {
  const tool = entry.field('tool').maybeText();
  const commit = entry.field('commit');
  const benches = entry.field('benches').items();
  return {
    tool: `github-action-benchmark${tool === undefined ? '' : ` ${tool}`}`,
    at: timeOf(entry.field('date')),
    project,
    sha: commit.field('id').maybeText(),
    // Suites run on machines of their own, such as one for each system: their series are never mixed.
    machine: { host: suite },
    benchmarks: benches.map((bench) => benchmarkOf(bench, betterOf(tool), suite)),
  };
}

const repository = (url: string | undefined): string | undefined =>
  url?.replace(/\/+$/, '').split('/').slice(-2).join('/') || undefined;

const assignment = /^\s*window\.BENCHMARK_DATA\s*=\s*/;

/** Every run that the action has kept in `data.js`, oldest first, with its commit and date: the way to move here. */
export const githubActionHistory: Importer<string> = {
  name: 'github-action-benchmark-history',
  sniff: (text) => assignment.test(text),
  read: (text, { file }) => {
    if (!assignment.test(text)) throw importError(file, 'expected "window.BENCHMARK_DATA = {...}"');
    const root = new Place(parseJson(text.replace(assignment, '').replace(/;\s*$/, ''), file), '', file);
    const project = repository(root.field('repoUrl').maybeText());
    const runs = root
      .field('entries')
      .entries()
      .flatMap(([suite, entries]) => entries.items().map((entry) => runOfEntry(suite, entry, project)))
      .filter(({ benchmarks }) => benchmarks.length > 0);
    return runs.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  },
};
