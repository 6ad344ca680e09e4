import { resolve } from 'node:path';
import { ExitCode, formatNumber, formatQuantity, usageError } from '@perfkeel/core';
import {
  biggestRetainers,
  diffGrowth,
  heapClasses,
  openSnapshot,
  type BigRetainer,
  type GrowthFinding,
  type HeapClass,
} from '@perfkeel/memory';
import pc from 'picocolors';
import { lookOf, plain, type Io } from '../io.ts';

export interface HeapDiffOptions {
  readonly iterations?: number;
  readonly json?: boolean;
}

/** Growth over an unknown amount of work is told when it is at least this many bytes. */
const leastUncounted = 1024;

/** `perfkeel heap diff`: names what grows between snapshots of one process. Exits with 0: it explains and judges nothing. */
export async function heapDiffCommand(files: readonly string[], options: HeapDiffOptions, io: Io): Promise<number> {
  const { iterations } = options;
  if (iterations !== undefined && !(Number.isInteger(iterations) && iterations > 0)) {
    throw usageError('--iterations is not a whole number from 1 upwards', {
      code: 'bad-option',
      hint: 'Give the iterations that ran between two snapshots: --iterations 500.',
    });
  }
  const findings = await diffGrowth(
    files.map((file) => resolve(io.cwd, file)),
    {
      iterationsBetween: iterations ?? 1,
      ...(iterations === undefined && { smallest: leastUncounted, per: 'interval' }),
    },
  );
  io.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : renderFindings(findings, io));
  return ExitCode.Ok;
}

function renderFindings(findings: readonly GrowthFinding[], io: Io): string {
  const colours = pc.createColors(lookOf(io.stdout, io.env).colour);
  if (findings.length === 0) return 'No container grows between these snapshots.\n';
  const blocks = findings.map(({ sentence, classes, path, remedy }) =>
    [
      colours.bold(plain(sentence)),
      ...(classes.length > 1 ? [`  keeps     ${plain(classes.slice(0, 5).map(rateOf).join(', '))}`] : []),
      ...(path.length > 0 ? [`  by        ${plain(path.slice(-4).join(' '))}`] : []),
      colours.dim(`  remedy    ${remedy}`),
    ].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

const rateOf = ({ name, count, bytes }: GrowthFinding['classes'][number]): string =>
  `${name} ×${formatNumber(count)} (${formatQuantity(bytes, 'B')})`;

export interface HeapTopOptions {
  readonly json?: boolean;
}

const rows = 15;

/** `perfkeel heap top`: what a snapshot consists of, and what keeps most of it. */
export async function heapTopCommand(file: string, options: HeapTopOptions, io: Io): Promise<number> {
  const graph = await openSnapshot(resolve(io.cwd, file));
  const top = {
    nodes: graph.nodeCount,
    bytes: graph.totalSize(),
    classes: heapClasses(graph).slice(0, rows),
    retainers: biggestRetainers(graph, rows),
  };
  io.stdout.write(options.json ? `${JSON.stringify(top, null, 2)}\n` : renderTop(top));
  return ExitCode.Ok;
}

interface Top {
  readonly nodes: number;
  readonly bytes: number;
  readonly classes: readonly HeapClass[];
  readonly retainers: readonly BigRetainer[];
}

const size = (bytes: number): string => formatQuantity(bytes, 'B');

function renderTop({ nodes, bytes, classes, retainers }: Top): string {
  const classRows = classes.map(({ name, count, selfSize, retainedSize }) => [
    size(retainedSize),
    size(selfSize),
    formatNumber(count),
    plain(name),
  ]);
  const retainerRows = retainers.map(({ name, at, keeper, retainedSize, selfSize, id }) => [
    size(retainedSize),
    size(selfSize),
    `@${id}`,
    plain([shortened(name), at, keeper].filter((text) => text).join(' · ')),
  ]);
  return [
    `${size(bytes)} in ${formatNumber(nodes)} objects`,
    '',
    ...table(['retained', 'own', 'count', 'class'], classRows),
    '',
    ...table(['retained', 'own', 'id', 'object, where it is found, who keeps it'], retainerRows),
    '',
  ].join('\n');
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text).replace(/\s+/g, ' ');

function table(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const all = [head, ...body];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const last = head.length - 1;
  return all.map((row) => row.map((cell, i) => (i === last ? cell : cell.padStart(widths[i]!))).join('  '));
}
