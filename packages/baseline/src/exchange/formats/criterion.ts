import { metrics } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignValue, ImportOptions, Importer } from '../foreign.ts';
import { sampleOf, stated, valueOf } from '../foreign-values.ts';
import { parseJson } from '../parse-json.ts';
import { Place } from '../place.ts';
import { linesOf } from '../text-lines.ts';
import { readUnit } from '../unit-words.ts';

const statistics = ['median', 'mean', 'slope'] as const;

function estimateOf(estimate: Place, statistic: string): ForeignValue[] {
  if (!estimate.present) return [];
  const interval = estimate.field('confidence_interval');
  const confidence = interval.field('confidence_level').amount();
  if (confidence > 1) interval.field('confidence_level').refuse('a share from 0 to 1');
  const bounds = { lo: interval.field('lower_bound').number(), hi: interval.field('upper_bound').number(), confidence };
  const data = stated('criterion', estimate.field('point_estimate').amount(), bounds);
  return [valueOf({ ...metrics.timePerOperation, id: `time-${statistic}` }, data)];
}

/** `target/criterion/<name>/new/estimates.json`: nanoseconds. It has no name of its own. */
export const criterion: Importer<Place> = {
  name: 'criterion',
  sniff: (root) => root.has('mean', 'median', 'std_dev') && root.field('mean').has('point_estimate'),
  read: (root, { name, file }) => {
    const values = statistics.flatMap((statistic) => estimateOf(root.field(statistic), statistic));
    return [{ tool: 'criterion', benchmarks: [{ name: name ?? nameOf(file), values }] }];
  },
};

/** `target/criterion/parse/small/new/estimates.json` is `parse/small`. */
function nameOf(file: string): string {
  const parts = file.split(/[\\/]/).filter((part) => part !== '');
  const begin = parts.lastIndexOf('criterion');
  const name = parts.slice(begin + 1, -2).join('/');
  return begin >= 0 && name !== '' ? name : 'criterion';
}

function benchmarkOf(message: Place): ForeignBenchmark {
  const unit = message.field('unit').text();
  const meaning = readUnit(unit);
  if (meaning?.unit !== 'ns') return message.field('unit').refuse('a unit of time');
  const [counts, totals] = [message.field('iteration_count').amounts(), message.field('measured_values').amounts()];
  if (counts.length !== totals.length || counts.includes(0))
    message.field('iteration_count').refuse('a count for each value');
  const values = totals.map((total, i) => (total * meaning.scale) / counts[i]!);
  return { name: message.field('id').text(), values: [valueOf(metrics.timePerOperation, sampleOf(values))] };
}

/** `cargo criterion --message-format=json`: one message a line, of which those of finished benchmarks are read. */
export const cargoCriterion: Importer<string> = {
  name: 'cargo-criterion',
  sniff: (text) => /^[ \t]*\{.*"reason"\s*:\s*"benchmark-complete"/m.test(text),
  read: (text, { file }: ImportOptions) => {
    const messages = linesOf(text)
      .filter((line) => line.text.trim() !== '')
      .map(
        (line) => new Place(parseJson(line.text, `${file}, line ${line.number}`), '', `${file}, line ${line.number}`),
      );
    const complete = messages.filter((message) => message.field('reason').value === 'benchmark-complete');
    return [{ tool: 'criterion', benchmarks: complete.map(benchmarkOf) }];
  },
};
