import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** Tells with which exit code the command ends. */
export type Finish = (exitCode: number) => void;

/** Adds commands to a program. Their actions import what they need: `--help` loads the parser and nothing heavy. */
export type Register = (program: Command, io: Io, finish: Finish) => void;

/** Options of every command that shows something. */
export const withLook = (command: Command): Command =>
  command
    .option('--verbose', 'stacks, details, and what benchmarks print')
    .option('--ascii', 'draw with plain characters');

/** Options that every command takes which reads results. */
export const withFolder = (command: Command): Command =>
  withLook(command.option('-C, --dir <folder>', 'the project; the folder of its perf.config, or where results are'));

/** For options that count; what is none becomes NaN, which the command refuses. */
export const whole = (text: string): number => (/^[1-9]\d*$/.test(text) ? Number(text) : NaN);

/** For options that may be given several times. */
export const listed = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export const reporterHelp =
  'what comes out, each with =FILE if you like: terminal, plain, ndjson, json, markdown, html, junit, github';
