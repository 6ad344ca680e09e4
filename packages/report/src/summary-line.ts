import { oneLine, type Run } from '@perfkeel/core';
import { reportPhrases, verdictTitles } from './view/verdict-words.ts';
import { tookWords } from './view/words.ts';

/**
 * A run in one line, for logs and for the summary of a workspace:
 * `PASS  orders-api  4 benchmarks, 7 objectives kept  12.3 s`.
 */
export function summaryLine(run: Run): string {
  const phrases = reportPhrases({ run });
  const counts = phrases.join(phrases.some((phrase) => phrase.includes(':')) ? '; ' : ', ');
  return [verdictTitles[run.verdict.kind], oneLine(run.provenance.project), counts, ...tookWords(run)].join('  ');
}
