import { setTimeout as sleep } from 'node:timers/promises';

/** The documents of a team: patterns to follow, templates to fill in, and generators that say how to write each. */
export interface Document {
  readonly uri: string;
  readonly title: string;
  readonly text: string;
}

const patterns = ['core', 'testing', 'tooling', 'typing', 'validation', 'errors', 'naming'];
const templates = ['epic', 'story', 'task', 'decision', 'review'];
const generators = ['epic', 'story', 'task', 'decision'];

const chapter = (topic: string, n: number): string =>
  [
    `## ${n}. Rule ${n} of ${topic}`,
    `A change that touches ${topic} follows rule ${n}: say what it is for, keep it small, and show by a test that it holds.`,
    `Exceptions are written down beside the code, with the name of who agreed and the date on which they end.`,
    `A reviewer asks for rule ${n} by its number, and refuses what has neither a test nor a written exception.`,
  ].join('\n\n');

/** The whole file, as it would be pasted into a conversation. */
export const wholeText = (kind: string, topic: string): string =>
  [`# ${kind} ${topic}`, ...Array.from({ length: 20 }, (_, n) => chapter(topic, n + 1))].join('\n\n');

const documentsOf = (kind: string, topics: readonly string[]): readonly Document[] =>
  topics.map((topic) => ({
    uri: `docs://${kind}/${topic}`,
    title: `${kind} ${topic}`,
    // What the server gives is what applies, and not the whole file.
    text: [`# ${kind} ${topic}`, ...[1, 2, 3, 4].map((n) => chapter(topic, n))].join('\n\n'),
  }));

export const documents: readonly Document[] = [
  ...documentsOf('patterns', patterns),
  ...documentsOf('templates', templates),
  ...documentsOf('generators', generators),
];

/** Reads as from a disk that is not in the cache of the system. */
export async function readSlowly(uri: string): Promise<Document | undefined> {
  await sleep(5);
  return documents.find((document) => document.uri === uri);
}
