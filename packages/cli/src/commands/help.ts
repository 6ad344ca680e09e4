import type { Command } from 'commander';
import { ExitCode, usageError } from '@perfkeel/core';
import type { Io } from '../io.ts';
import { closest } from './closest.ts';
import { helpTopics } from './help-topics.ts';

/** `perfkeel help [command or topic]`. Returns 0. @throws PerfError `no-such-topic`, exit code 2. */
export function helpCommand(words: readonly string[], program: Command, io: Io): number {
  const [first] = words;
  if (first === undefined) {
    program.outputHelp();
    io.stdout.write(`\n${topicList()}`);
    return ExitCode.Ok;
  }
  const command = commandAt(words, program);
  const topic = helpTopics.find(({ name }) => name === words.join('-').toLowerCase());
  if (command !== undefined) command.outputHelp();
  else if (topic !== undefined) io.stdout.write(`${topic.text()}\n`);
  else throw unknownTopic(words.join(' '), program);
  return ExitCode.Ok;
}

function topicList(): string {
  const width = Math.max(...helpTopics.map(({ name }) => name.length));
  const lines = helpTopics.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`);
  return ['Topics (perfkeel help <topic>):', ...lines, ''].join('\n');
}

function commandAt([word, ...rest]: readonly string[], parent: Command): Command | undefined {
  const found = visible(parent).find((command) => command.name() === word);
  return found === undefined || rest.length === 0 ? found : commandAt(rest, found);
}

const visible = (parent: Command): readonly Command[] =>
  parent.commands.filter((command) => !command.name().startsWith('__'));

function unknownTopic(asked: string, program: Command): Error {
  const known = [...visible(program).map((command) => command.name()), ...helpTopics.map(({ name }) => name)];
  const meant = closest(asked, known);
  return usageError(`there is no command or topic ${JSON.stringify(asked)}`, {
    code: 'no-such-topic',
    hint: meant === undefined ? 'perfkeel help lists both.' : `Did you mean ${meant}? perfkeel help lists all.`,
  });
}
