import { metrics } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { renderHtml, renderTerminal } from '../src/index.ts';
import { buildRun } from './support/build-run.ts';
import { parser } from './support/drafts.ts';

const formula = '(last text − first text) / (tokens − 1)';
const report = {
  run: buildRun([{ ...parser('parse', 2e6), metrics: [{ ...metrics.timePerOperation, formula }] }]),
};
const paths = { html: '/srv/report.html', root: '/srv' };
const screen = (verbose: boolean): string =>
  renderTerminal(report, { colour: false, unicode: true, width: 100, paths, verbose });

test('a figure whose name means other things elsewhere has its formula beside it', () => {
  expect(renderHtml(report)).toContain(`<b>time</b> = ${formula}`);
  expect(screen(true)).toContain(`time = ${formula}`);
  expect(screen(false)).not.toContain(formula);
});
