import { protocol } from 'perfkeel';
import { fixedSize, naiveParagraphs, paragraphs, recursive, type Chunker } from './chunkers.ts';
import { makeProse } from './text.ts';

const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '');
const endsASentence = (chunk: string): boolean => /[.?!]\s*$/.test(chunk);

protocol<Chunker>('Chunker', { rounds: 3 })
  .fixture(({ rng, short }) => ({ text: makeProse(short ? 60 : 300, rng) }))

  .property('no chunk is longer than the limit', async ({ subject, fixture: { text } }) => {
    const chunks = await subject.split(text);
    const long = chunks.filter(({ length }) => length > subject.limit);
    if (long.length === 0) return true;
    const longest = Math.max(...long.map(({ length }) => length));
    return `${long.length} of ${chunks.length} chunks are, the longest has ${longest} characters`;
  })
  .property('nothing is lost, and nothing comes in another order', async ({ subject, fixture: { text } }) => {
    return withoutBlanks((await subject.split(text)).join('')) === withoutBlanks(text);
  })
  .property('no chunk is empty', async ({ subject, fixture: { text } }) => {
    const empty = (await subject.split(text)).findIndex((chunk) => chunk.trim() === '');
    return empty === -1 || `chunk ${empty} is`;
  })
  .property('the same text gives the same chunks', async ({ subject, fixture: { text } }) => {
    const [first, second] = [await subject.split(text), await subject.split(text)];
    return JSON.stringify(first) === JSON.stringify(second);
  })

  .quality('whole sentences', {
    unit: 'ratio',
    better: 'higher',
    measure: async ({ subject, fixture: { text } }) => {
      const chunks = await subject.split(text);
      return chunks.filter(endsASentence).length / chunks.length;
    },
  })
  .bench('split', {
    run: ({ subject, fixture: { text } }) => subject.split(text),
    time: '150ms',
    warmup: '300ms',
    objectives: ['median < 200ms'],
  })

  .implementedBy({
    fixed: () => fixedSize,
    paragraphs: () => paragraphs,
    langchain: recursive,
    // Caught on purpose: its verdict would fail if its long chunks were ever missed.
    'naive paragraphs': { create: () => naiveParagraphs, expected: 'fail' },
  });
