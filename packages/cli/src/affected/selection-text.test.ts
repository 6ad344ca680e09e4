import type { AffectedSelection } from '@perfkeel/runner';
import { expect, it } from 'vitest';
import { attacks } from '../../../report/test/support/attacks.ts';
import { selectionMarkdown, selectionText } from './selection-text.ts';

const selectionOf = (name: string): AffectedSelection =>
  ({
    ...{ schemaVersion: 1, graph: 'packages', external: true, gone: [name] },
    base: { sha: '0123456789abcdef', ref: name, reason: name },
    changes: [{ path: name, class: 'inert' }],
    choices: [
      { project: name, file: name, decision: 'run', cause: { sure: true, what: `src/${name}`, chain: [name, 'shop'] } },
      { project: name, file: name, decision: 'skip' },
    ],
  }) as unknown as AffectedSelection;

it.each(Object.entries(attacks))('whatever paths and projects are called: %s', (_, attack) => {
  const markdown = selectionMarkdown(selectionOf(attack));
  expect(markdown).not.toMatch(/<(?!\/?(?:details|summary)\b)|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(markdown).not.toMatch(/(?<!\\)\]\(|!\[x\]|^# heading|@everyone|http:\/\/evil/m);
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  expect(rows).toHaveLength(6);
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(5);
  const text = selectionText(selectionOf(attack), { colour: false });
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  // A headline, two perf files, one that is gone, one change that was ignored: none of a name begins a line.
  expect(text.trimEnd().split('\n')).toHaveLength(5);
});
