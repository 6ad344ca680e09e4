import { relative, sep } from 'node:path';
import type { Run } from '@perfkeel/core';
import type { Io } from './io.ts';

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** On GitHub, marks the declaration of everything that failed in the changed files of a pull request. */
export function annotate(run: Run, io: Io): void {
  if (io.env['GITHUB_ACTIONS'] !== 'true') return;
  const root = io.env['GITHUB_WORKSPACE'] ?? io.cwd;
  for (const { benchmark, verdict } of run.benchmarks) {
    if (verdict.kind !== 'fail' && verdict.kind !== 'could-not-measure') continue;
    const location = run.plan.benchmarks.find(({ id }) => id === benchmark)?.location;
    const place = location
      ? ` file=${escapeProperty(relative(root, location.file).split(sep).join('/'))},line=${location.line}`
      : '';
    const message = verdict.reasons.map(({ message }) => message).join('; ');
    io.stdout.write(`::error${place}::${escapeData(`${benchmark}: ${message}`)}\n`);
  }
}
