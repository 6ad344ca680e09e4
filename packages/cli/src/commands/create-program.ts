import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Io } from '../io.ts';
import { readVersion } from '../version.ts';
import { registerCi } from './register-ci.ts';
import { registerHelp } from './register-help.ts';
import { registerMcp } from './register-mcp.ts';
import { registerMeasuring } from './register-measuring.ts';
import { registerOneOff } from './register-one-off.ts';
import { registerResults } from './register-results.ts';
import { registerSetUp } from './register-set-up.ts';
import type { Finish, Register } from './registration.ts';

const exitCodes = `
Exit codes:
  0    pass or warn
  1    an objective or a comparison failed
  2    wrong usage, declaration or configuration
  3    inconclusive: the report says what would decide
  4    could not measure, or nothing ran
  130  interrupted; what had been measured is kept, and perfkeel resume goes on`;

const groups: readonly (readonly [heading: string, registers: readonly Register[]])[] = [
  ['Measure:', [registerMeasuring]],
  ['Measure one thing, without a file:', [registerOneOff, registerMcp]],
  ['Results:', [registerResults]],
  ['Pull requests:', [registerCi]],
  ['Set up and help:', [registerSetUp, registerHelp]],
];

/** The world of one command line; options in front of the command change it. */
export type World = { -readonly [K in keyof Io]: Io[K] };

/** Every command with its options. Actions load what they need. */
export function createProgram(world: World, finish: Finish): Command {
  const program = new Command('perfkeel')
    .usage('[options] <command>')
    .description('Performance tests for TypeScript and Node with verdicts that can be trusted.')
    .version(readVersion(), '-V, --version', 'print the version')
    .option('-C <folder>', 'as if started in this folder')
    .option('--ascii', 'draw with plain characters')
    .addHelpText('after', exitCodes)
    .enablePositionalOptions()
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      getOutHelpWidth: () => world.stdout.columns ?? 100,
      getErrHelpWidth: () => world.stderr.columns ?? 100,
      outputError: (text, write) => write(text.replace(/^error: /, 'error  ')),
    })
    .showHelpAfterError('(perfkeel --help lists the commands)');
  program.hook('preAction', (_, command) => changeWorld(program, command, world));
  for (const [heading, registers] of groups) {
    program.commandsGroup(heading);
    for (const register of registers) register(program, world, finish);
  }
  pointToOwnHelp(program, 'perfkeel');
  return program;
}

/** Whoever mistypes an option is shown the way to the options of that command. */
function pointToOwnHelp(parent: Command, path: string): void {
  for (const command of parent.commands) {
    const own = `${path} ${command.name()}`;
    const listed = `${own} --help lists its ${command.commands.length > 0 ? 'commands' : 'options'}`;
    // The commonest mistake is to leave out what separates their options from those of the program.
    const separated = command.usage().includes(' -- ') ? `${own} -- node server.js: a program stands behind --; ` : '';
    command.showHelpAfterError(`(${separated}${listed})`);
    command.helpCommand(false);
    pointToOwnHelp(command, own);
  }
}

function changeWorld(program: Command, command: Command, world: World): void {
  const { C: folder, ascii } = program.opts<{ C?: string; ascii?: boolean }>();
  if (folder !== undefined) {
    const cwd = resolve(world.cwd, folder);
    if (!existsSync(cwd) || !statSync(cwd).isDirectory()) command.error(`error: -C names no folder: ${cwd}`);
    world.startedIn = world.cwd;
    world.cwd = cwd;
  }
  if (ascii || command.getOptionValue('ascii') === true) world.env = { ...world.env, PERFKEEL_ASCII: '1' };
}
