import { metrics, usageError } from '@perfkeel/core';

const sentence = /^\s*(\S+?)(?:\s+of\s+(\S+?))?\s*[<>=]/;
const ofSingleOperations = /^(max|p\d.*)$/;

/**
 * Refuses what core understands and a micro-benchmark cannot answer; everything else about objectives is core's. Plain
 * JavaScript can write what the type forbids.
 *
 * @throws PerfError `bad-objective`, exit code 2, with the objective as `excerpt`
 */
export function checkBenchObjectives(objectives: unknown): void {
  if (!Array.isArray(objectives)) return;
  for (const source of objectives as readonly unknown[]) {
    const [, statistic = '', metric = metrics.timePerOperation.id] =
      (typeof source === 'string' && sentence.exec(source)) || [];
    if (ofSingleOperations.test(statistic)) {
      refuse(
        source as string,
        `bench times batches, and knows no ${statistic} of operations`,
        'Write median, mean or min; a batch hides single operations: use latency() for the others.',
      );
    }
    if (metric !== metrics.timePerOperation.id) {
      const comparison = (source as string).slice((source as string).search(/[<>=]/));
      refuse(source as string, `${metric} has one value in a round`, `Write "${metric} ${comparison}".`);
    }
  }
}

function refuse(source: string, message: string, hint: string): never {
  throw usageError(`${JSON.stringify(source)} cannot be judged: ${message}`, {
    code: 'bad-objective',
    hint,
    excerpt: source,
  });
}
