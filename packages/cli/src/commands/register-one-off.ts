import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { listed, reporterHelp, whole, withLook, type Finish } from './registration.ts';

export function registerOneOff(program: Command, io: Io, finish: Finish): void {
  addLoad(program, io, finish);
  addCapacity(program, io, finish);
  addStartup(program, io, finish);
  addLeak(program, io, finish);
}

const withRequest = (command: Command): Command =>
  command
    .option('-m, --method <method>', 'default: GET, with a body POST')
    .option('-H, --header <text>', "'name: value'; may be given several times", listed)
    .option(
      '-d, --body <text>',
      'what is sent; @file sends what the file holds, @- what stdin does, @@text the text @text. JSON is sent as application/json',
    );

const withAnswer = (command: Command): Command =>
  withRequest(command)
    .option('--expect <status>', 'the status of a good answer; default: any from 200 to 399')
    .option('--timeout <time>', 'how long one answer may take; default: 10s')
    .option('--ca <file>', 'certificates of authorities in PEM, instead of those that Node knows')
    .option('-k, --insecure', 'take any certificate, also a self-signed one');

const withEnd = (command: Command, rounds: string): Command =>
  withLook(
    command
      .option('-o, --objective <text>', "a promise, such as 'p99 < 200ms'; may be given several times", listed)
      .option('--name <text>', 'what it is called in reports')
      .option('-r, --rounds <n>', `fresh processes that measure it; default: ${rounds}`, whole)
      .option('--seed <n>', 'other arrivals; the same seed repeats them', whole)
      .option('--short', 'a rehearsal: one quick round, nothing is judged')
      .option('--write <file>', 'write it as a perf file instead of measuring it')
      .option('--reporter <list>', reporterHelp, listed)
      .option('--json', 'print the run as JSON on stdout')
      .option('--strict', 'warnings and inconclusive results fail too'),
  );

function addLoad(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('load')
    .description('send load to a url, and keep nothing: 10/s for 10s unless told otherwise')
    .argument('<url>', 'the only place that gets requests')
    .option('--rate <rate>', 'requests that arrive, whether or not earlier ones were answered; default: 10/s')
    .option('--clients <n>', 'instead of a rate: clients that each wait for their answer', whole)
    .option('--for <time>', 'how long; default: 10s')
    .option('--warmup <time>', 'before it counts; default: a fifth of that, at most 1s');
  const rounds = '1; 2 for a promise about a quantile, which one cannot bound';
  withEnd(withAnswer(command), rounds).action(async (url: string, options: Record<string, unknown>) => {
    const [{ oneOffCommand }, { loadOf, loadRounds }, { withFiles }] = await loaded();
    const flags = await withFiles(options, io.cwd);
    finish(await oneOffCommand(() => loadOf(url, flags), { rounds: loadRounds(options), ...options }, io));
  });
}

function addCapacity(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('capacity')
    .description('search the highest rate that a url keeps up with: up to 200/s and a minute unless told otherwise')
    .argument('<url>', 'the only place that gets requests')
    .option('--between <rates>', 'the lowest and the highest rate that is tried; default: 10/s..200/s')
    .option('--while <text>', "what has to hold, such as 'p99 < 200ms'; may be given several times", listed)
    .option('--for <time>', 'how long a trial lasts; default: 2s')
    .option('--within <time>', 'no trial begins that would end later; default: 60s');
  withEnd(withAnswer(command), '1').action(async (url: string, options: Record<string, unknown>) => {
    const [{ oneOffCommand }, { capacityOf }, { withFiles }] = await loaded();
    const flags = await withFiles(options, io.cwd);
    finish(await oneOffCommand(() => capacityOf(url, flags), { rounds: 1, ...options }, io));
  });
}

function addStartup(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('startup')
    .usage('[options] -- <command...>')
    .description('time a program from its first instruction until it is ready or has ended: 15 starts')
    .argument('<command...>', 'the program and its arguments, behind --; no shell')
    .option(
      '--ready <when>',
      'exit, port, http:/path, ipc, mcp, or a regular expression for a line on stdout; default: exit',
    )
    .option('--samples <n>', 'starts in each round; default: 3', whole)
    .option('--warmup <n>', 'starts before them that do not count', whole)
    .option('--timeout <time>', 'how long one start may take; default: 30s');
  withEnd(command, '5').action(async (words: string[], options: Record<string, unknown>) => {
    const [{ oneOffCommand }, { startupOf }] = await loaded();
    finish(await oneOffCommand((folder) => startupOf(words, options, folder), options, io));
  });
}

function addLeak(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('leak')
    .usage('[options] -- <command...>')
    .description('start a server, ask it again and again, and tell whether its memory grows: for 20s')
    .argument(
      '<command...>',
      'the server and its arguments, behind --; no shell. {port} becomes a free port, as PORT is',
    )
    .option('--request <path>', 'one answer is one iteration; default: /')
    .option('--url <url>', 'where it answers; default: http://127.0.0.1:{port}')
    .option('--ready <when>', 'port, http:/path, or a regular expression for a line on stdout; default: port')
    .option('--for <time>', 'how long; default: 20s')
    .option('--clients <n>', 'requests under way at once; default: 10', whole)
    .option('--idle <time>', 'also looks, for so long, at what grows while nothing is asked');
  withEnd(withRequest(command), '1').action(async (words: string[], options: Record<string, unknown>) => {
    const [{ oneOffCommand }, { leakOf }, { withFiles }] = await loaded();
    const flags = await withFiles(options, io.cwd);
    finish(await oneOffCommand((folder) => leakOf(words, flags, folder), { rounds: 1, ...options }, io));
  });
}

const loaded = () =>
  Promise.all([import('./one-off.ts'), import('./one-off-declarations.ts'), import('./one-off-files.ts')]);
