import { ExitCode } from '@perfkeel/core';
import { examineMachine, type Finding, type FindingStatus } from '@perfkeel/runner';
import pc from 'picocolors';
import { lookOf, type Io } from '../io.ts';

/** `perfkeel doctor`: exits with 0, or 3 when the machine would make verdicts inconclusive. */
export function doctorCommand(options: { readonly json?: boolean }, io: Io): Promise<number> {
  const findings = examineMachine();
  io.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : render(findings, io));
  const unfit = findings.some(({ status }) => status === 'unfit');
  return Promise.resolve(unfit ? ExitCode.Inconclusive : ExitCode.Ok);
}

function render(findings: readonly Finding[], io: Io): string {
  const { colour, unicode } = lookOf(io.stdout, io.env);
  const colours = pc.createColors(colour);
  const marks: Record<FindingStatus, string> = {
    ok: colours.green(unicode ? '✓' : 'ok  '),
    note: colours.yellow(unicode ? '!' : 'note'),
    unfit: colours.red(unicode ? '✗' : 'bad '),
  };
  const width = Math.max(...findings.map(({ title }) => title.length));
  const lines = findings.flatMap(({ title, status, value, advice }) => [
    `  ${marks[status]} ${title.padEnd(width)}  ${value}`,
    ...(advice === undefined ? [] : [`    ${' '.repeat(width)}  ${colours.dim(advice)}`]),
  ]);
  return `${lines.join('\n')}\n\n${conclusion(findings)}\n`;
}

function conclusion(findings: readonly Finding[]): string {
  if (findings.some(({ status }) => status === 'unfit')) {
    return 'This machine is not fit to measure small differences now: verdicts will often be inconclusive.';
  }
  if (findings.some(({ status }) => status === 'note')) return 'This machine can measure; mind the notes.';
  return 'This machine is fit to measure.';
}
