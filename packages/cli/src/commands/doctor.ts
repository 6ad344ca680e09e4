import { ExitCode, formatQuantity, type Finding, type FindingStatus, type Fitness } from '@perfkeel/core';
import { examineMachine } from '@perfkeel/runner';
import pc from 'picocolors';
import { lookOf, type Io, type Look } from '../io.ts';
import { wrapText } from '../wrap-text.ts';

/** `perfkeel doctor`: exits with 0, or 3 when the machine would make verdicts inconclusive. */
export async function doctorCommand(options: { readonly json?: boolean }, io: Io): Promise<number> {
  const fitness = await examineMachine({ thorough: true });
  io.stdout.write(
    options.json ? `${JSON.stringify(fitness, null, 2)}\n` : renderFitness(fitness, lookOf(io.stdout, io.env)),
  );
  return fitness.fit ? ExitCode.Ok : ExitCode.Inconclusive;
}

/** A table of the findings, whether the machine is fit, the smallest change it can show, and what to do first. */
export function renderFitness(fitness: Fitness, { colour, unicode, width }: Look): string {
  const colours = pc.createColors(colour);
  const marks: Record<FindingStatus, string> = {
    ok: colours.green(unicode ? '✓' : 'ok  '),
    note: colours.yellow(unicode ? '!' : 'note'),
    unfit: colours.red(unicode ? '✗' : 'bad '),
  };
  const column = Math.max(...fitness.findings.map(({ title }) => title.length)) + (unicode ? 6 : 9);
  // Where there is no room for a column of values, they stand below.
  const beside = width - column >= leastColumn;
  const indent = beside ? column : 6;
  const rows = (text: string): readonly string[] =>
    wrapText(text, width - indent).map((row) => ' '.repeat(indent) + row);
  const lines = fitness.findings.flatMap(({ title, status, value, advice }) => {
    const values = rows(value);
    // The mark has colours, which take no columns.
    const start = `  ${marks[status]} ${beside ? title.padEnd(column - (unicode ? 4 : 7)) : title}`;
    return [
      ...(beside ? [start + values[0]!.slice(indent), ...values.slice(1)] : [start, ...values]),
      ...(advice === undefined ? [] : rows(advice).map((row) => colours.dim(row))),
    ];
  });
  const closing = [conclusion(fitness), visible(fitness), first(fitness)].filter((text) => text !== undefined);
  return `${[...lines, '', ...closing.flatMap((text) => wrapText(text, width))].join('\n')}\n`;
}

const leastColumn = 40;

const withStatus = ({ findings }: Fitness, wanted: FindingStatus): readonly Finding[] =>
  findings.filter(({ status }) => status === wanted);

/** `Processor share: 51 %` in the middle of a sentence. */
const inSentence = ({ title, value }: Finding): string => `${title.charAt(0).toLowerCase()}${title.slice(1)}: ${value}`;

function conclusion(fitness: Fitness): string {
  const unfit = withStatus(fitness, 'unfit');
  if (unfit.length > 0) {
    return `This machine is unfit to measure now: a missed objective on times would be inconclusive, because of ${unfit.map(inSentence).join('; ')}.`;
  }
  const notes = withStatus(fitness, 'note').length;
  return `This machine is fit to measure now${notes === 0 ? '' : `; mind the ${notes === 1 ? 'note' : `${notes} notes`}`}.`;
}

function visible({ smallestChange }: Fitness): string | undefined {
  if (smallestChange === undefined) return undefined;
  return `The smallest change that it can show with five rounds a side is about ${formatQuantity(smallestChange, 'ratio')}: half the width of the 95 % interval when the same work is compared with itself.`;
}

function first(fitness: Fitness): string | undefined {
  const [worst] = [...withStatus(fitness, 'unfit'), ...withStatus(fitness, 'note')];
  return worst?.advice === undefined ? undefined : `First: ${worst.advice}`;
}
