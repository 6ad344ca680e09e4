import { bench } from 'perfkeel';
import { makeDocument, makeRows } from './csv-document.ts';
import { expectSameRows, parsers } from './parsers.ts';

const recipe = { rows: 1000, seed: 7 };

/** Outside the clock: the document, and proof that all parsers agree about it. */
function setup(): string {
  const document = makeDocument(recipe);
  expectSameRows(document, makeRows(recipe));
  return document;
}

bench('papaparse', { group: 'parse 1000 rows', setup, run: parsers.papaparse, objectives: ['median < 50ms'] });
bench('csv-parse', { group: 'parse 1000 rows', setup, run: parsers['csv-parse'], objectives: ['median < 50ms'] });
bench('d3-dsv', { group: 'parse 1000 rows', setup, run: parsers['d3-dsv'], objectives: ['median < 50ms'] });
