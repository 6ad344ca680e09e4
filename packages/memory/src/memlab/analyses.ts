import { resolve } from 'node:path';
import { usageError } from '@perfkeel/core';
import { inMemlabProcess } from './memlab-process.ts';
import type { MemlabOptions } from './retained-sizes.ts';

/** Those of memlab's own analyses that make sense of a Node process, and memlab's class for each. */
const analyses = {
  'unbound-object': 'ObjectUnboundGrowthAnalysis',
  'unbound-shape': 'ShapeUnboundGrowthAnalysis',
  'collections-with-stale': 'CollectionsHoldingStaleAnalysis',
  'object-size': 'ObjectSizeAnalysis',
  'object-fanout': 'ObjectFanoutAnalysis',
  'object-shape': 'ObjectShapeAnalysis',
  'global-variable': 'GlobalVariableAnalysis',
  string: 'StringAnalysis',
} as const;

export type MemlabAnalysis = keyof typeof analyses;

const program = `
  const { copyFileSync, mkdirSync, readFileSync } = require('node:fs');
  const analysis = new memlab[input.className]();
  mkdirSync('snapshots');
  input.files.forEach((file, i) => copyFileSync(file, 'snapshots/s' + (i + 1) + '.heapsnapshot'));
  const result = input.files.length === 1
    ? await analysis.analyzeSnapshotFromFile(process.cwd() + '/snapshots/s1.heapsnapshot', { workDir: process.cwd() })
    : await analysis.analyzeSnapshotsInDirectory(process.cwd() + '/snapshots', { workDir: process.cwd() });
  answer(readFileSync(result.analysisOutputFile));
`;

/**
 * Runs one of memlab's analyses over snapshots that are not compressed, in the order in which they were taken, and
 * returns its own text.
 *
 * @throws PerfError `bad-option` for an analysis that there is not, `no-memlab`, `memlab-failed`.
 * @example
 * const report = await runMemlabAnalysis('unbound-shape', ['a.heapsnapshot', 'b.heapsnapshot', 'c.heapsnapshot']);
 */
export async function runMemlabAnalysis(
  name: MemlabAnalysis,
  files: readonly string[],
  options: MemlabOptions = {},
): Promise<string> {
  if (!Object.hasOwn(analyses, name)) {
    throw usageError(`there is no analysis ${JSON.stringify(name)}`, {
      code: 'bad-option',
      hint: `Analyses are ${Object.keys(analyses).join(', ')}.`,
    });
  }
  if (files.length === 0)
    throw usageError('an analysis needs a snapshot', { code: 'bad-option', hint: 'Name a file.' });
  const input = { className: analyses[name], files: files.map((file) => resolve(file)) };
  const text = (await inMemlabProcess({ ...options, program, input })).toString('utf8');
  return text
    .split('\n')
    .filter((line) => !progress.test(line))
    .join('\n')
    .trim();
}

/** `calculating dominators and retained sizes ..` */
const progress = /^[a-z].*\.{1,3}\s*$/;
