import { ExitCode, formatQuantity, type Finding, type FindingStatus, type Fitness } from '@perfkeel/core';
import { examineMachine } from '@perfkeel/runner';
import pc from 'picocolors';
import { lookOf, type Io, type Look } from '../io.ts';

/** `perfkeel doctor`: exits with 0, or 3 when the machine would make verdicts inconclusive. */
export async function doctorCommand(options: { readonly json?: boolean }, io: Io): Promise<number> {
  const fitness = await examineMachine({ thorough: true });
  io.stdout.write(
    options.json ? `${JSON.stringify(fitness, null, 2)}\n` : renderFitness(fitness, lookOf(io.stdout, io.env)),
  );
  return fitness.fit ? ExitCode.Ok : ExitCode.Inconclusive;
}

/** A table of the findings, whether the machine is fit, the smallest change it can show, and what to do first. */
export function renderFitness(fitness: Fitness, { colour, unicode }: Pick<Look, 'colour' | 'unicode'>): string {
  const colours = pc.createColors(colour);
  const marks: Record<FindingStatus, string> = {
    ok: colours.green(unicode ? '✓' : 'ok  '),
    note: colours.yellow(unicode ? '!' : 'note'),
    unfit: colours.red(unicode ? '✗' : 'bad '),
  };
  const width = Math.max(...fitness.findings.map(({ title }) => title.length));
  const lines = fitness.findings.flatMap(({ title, status, value, advice }) => [
    `  ${marks[status]} ${title.padEnd(width)}  ${value}`,
    ...(advice === undefined ? [] : [`    ${' '.repeat(width)}  ${colours.dim(advice)}`]),
  ]);
  const closing = [conclusion(fitness), visible(fitness), first(fitness)].filter((text) => text !== undefined);
  return `${[...lines, '', ...closing].join('\n')}\n`;
}

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
