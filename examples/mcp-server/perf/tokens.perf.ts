import { tokenReduction } from 'perfkeel';
import { wholeText } from '../src/library.ts';
import { overPipes } from './server.ts';

const file = (kind: string, topic: string) => ({ text: wholeText(kind, topic) });
const resource = (kind: string, topic: string) => ({ resource: `docs://${kind}/${topic}` });

/** Ten pieces of work: with whole files pasted into the conversation, and with the server. */
const works: readonly (readonly [name: string, kind: string, topic: string, pattern: string])[] = [
  ['write an epic', 'generators', 'epic', 'core'],
  ['write a story', 'generators', 'story', 'core'],
  ['write a task', 'generators', 'task', 'tooling'],
  ['write a decision', 'generators', 'decision', 'naming'],
  ['fill in an epic', 'templates', 'epic', 'core'],
  ['fill in a story', 'templates', 'story', 'testing'],
  ['fill in a task', 'templates', 'task', 'tooling'],
  ['review code', 'templates', 'review', 'typing'],
  ['review errors', 'templates', 'review', 'errors'],
  ['validate an artifact', 'templates', 'decision', 'validation'],
];

tokenReduction('ten workflows', {
  server: overPipes,
  workflows: works.map(([name, kind, topic, pattern]) => ({
    name,
    baseline: [file(kind, topic), file('patterns', pattern)],
    mcp: [
      { prompt: 'plan' },
      resource(kind, topic),
      resource('patterns', pattern),
      { tool: 'resolve_artifact_path', args: { id: 'US-017' } },
    ],
  })),
  objectives: ['reduction >= 40%', 'worst-reduction >= 40%'],
});
