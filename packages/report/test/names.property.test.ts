import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderHtml, renderMarkdown, renderTerminal, summaryLine } from '../src/index.ts';
import { visibleWidth } from '../src/terminal/text-width.ts';
import { buildRun } from './support/build-run.ts';
import { startup } from './support/drafts.ts';
import { tagProblems } from './support/markup-balance.ts';

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 });
const message = fc.string({ unit: 'binary', maxLength: 300 });

test('whatever names and messages hold, every form stays whole', () => {
  fc.assert(
    fc.property(name, name, message, fc.integer({ min: 80, max: 200 }), (project, id, text, width) => {
      const error = { code: 'threw', message: text, hint: text, exitCode: 4 as const };
      const run = buildRun(
        [startup(id, [100, 101], ['max < 1ms']), { id: `${id}!`, failures: [{ round: 0, error }] }],
        {
          provenance: { project },
        },
      );
      const terminal = renderTerminal({ run }, { colour: false, unicode: true, width, verbose: true });
      expect(Math.max(...terminal.split('\n').map(visibleWidth))).toBeLessThanOrEqual(width);
      expect(renderTerminal({ run }, { colour: false, unicode: false, width })).toMatch(/^[\x20-\x7e\n]*$/);
      expect(tagProblems(renderHtml({ run }))).toEqual([]);
      expect(renderMarkdown({ run }).split('\n')[0]).toMatch(
        /^### ⛔ COULD NOT MEASURE .* · 1 of 2 benchmarks could not be measured$/u,
      );
      expect(summaryLine(run)).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 60 },
  );
});
