import { decision } from './server.ts';

const file = (path: string) => ({ file: `documents/${path}.md` });
const resource = (path: string) => ({ resource: `docs://${path}` });
const index = resource('index');
const artifact = { text: decision };

/** With files: how it is written, its template, how it is named, and which ids are free. */
const writingFromFiles = (kind: string) => [
  file(`generators/${kind}`),
  file(`templates/${kind}`),
  file('patterns/naming'),
  file('ids'),
];

/** With the server: the steps, the template, a free id, and its path. */
const writing = (kind: string, letters: string, id: string) => [
  { prompt: 'write', args: { kind } },
  resource(`templates/${kind}`),
  { tool: 'reserve_id_range', args: { kind: letters, count: 1 } },
  { tool: 'resolve_artifact_path', args: { id } },
];

/**
 * Ten pieces of work. On the side of files stands what has to be read to do them, whole, since a file has no smaller part;
 * on the side of the server what is asked for instead, the index included where a section has to be found first.
 */
export const workflows = [
  { name: 'write an epic', baseline: writingFromFiles('epic'), mcp: writing('epic', 'EP', 'EP-013') },
  { name: 'write a story', baseline: writingFromFiles('story'), mcp: writing('story', 'US', 'US-064') },
  { name: 'write a task', baseline: writingFromFiles('task'), mcp: writing('task', 'TASK', 'TASK-031') },
  { name: 'write a decision', baseline: writingFromFiles('decision'), mcp: writing('decision', 'ADR', 'ADR-010') },
  {
    name: 'validate a decision',
    baseline: [file('templates/decision'), file('patterns/validation'), artifact],
    mcp: [{ tool: 'validate_artifact', args: { kind: 'decision', text: decision } }],
  },
  {
    name: 'take the next task',
    baseline: [file('tasks'), file('patterns/core'), file('patterns/validation')],
    mcp: [
      { tool: 'get_next_task' },
      resource('patterns/core/working-on-a-task'),
      resource('patterns/validation/limits'),
    ],
  },
  {
    name: 'name a file and a branch',
    baseline: [file('patterns/naming'), file('patterns/core')],
    mcp: [index, resource('patterns/naming/files'), resource('patterns/naming/branches-and-commits')],
  },
  {
    name: 'write a unit test',
    baseline: [file('patterns/testing'), file('patterns/naming'), file('patterns/typing')],
    mcp: [
      ...[index, resource('patterns/testing/unit-tests'), resource('patterns/testing/names-of-tests')],
      resource('patterns/typing/functions'),
    ],
  },
  {
    name: 'repair a timeout',
    baseline: [file('patterns/errors'), file('patterns/testing'), file('patterns/core')],
    mcp: [
      ...[index, resource('patterns/errors/timeouts'), resource('patterns/errors/retrying')],
      resource('patterns/testing/tests-that-fail-now-and-then'),
    ],
  },
  {
    name: 'review a change',
    baseline: [file('templates/review'), file('patterns/core'), file('patterns/errors'), file('patterns/typing')],
    mcp: [
      ...[index, resource('templates/review'), resource('patterns/core/size-of-a-change')],
      ...[resource('patterns/errors/throwing'), resource('patterns/typing/escapes')],
    ],
  },
];
