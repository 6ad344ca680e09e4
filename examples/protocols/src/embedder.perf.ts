import { protocol } from 'perfkeel';
import { hashedNgrams, similarity, tfIdf, type Embedder } from './embedders.ts';
import { makeDocuments, makeProse, nearDuplicate } from './text.ts';

const isSame = (a: Float32Array, b: Float32Array): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

protocol<Embedder>('Embedder', { rounds: 3 })
  .fixture(({ rng }) => {
    const documents = makeDocuments(200, rng);
    return { documents, editions: documents.map(({ text }) => nearDuplicate(text, rng)), prose: makeProse(40, rng) };
  })

  .property('every vector has the length 1', ({ subject, fixture: { documents } }) => {
    const lengths = documents.map(({ text }) => Math.hypot(...subject.embed(text)));
    const wrong = lengths.find((length) => Math.abs(length - 1) > 1e-5);
    return wrong === undefined || `one has ${wrong}`;
  })
  .property('a text without words has a vector without NaN', ({ subject }) => {
    return ['', ' ', '!?', '\u{1f600}'].every((text) => subject.embed(text).every(Number.isFinite));
  })
  .property('a text has one vector, alone and among others', ({ subject, fixture: { documents } }) => {
    const texts = documents.map(({ text }) => text);
    const differs = subject.embedAll(texts).findIndex((vector, i) => !isSame(vector, subject.embed(texts[i]!)));
    return differs === -1 || `text ${differs} has two`;
  })
  .property('an edition of a text is nearer to it than another text', ({ subject, fixture, rng }) => {
    const { documents, editions } = fixture;
    const wrong = documents.findIndex(({ text }, i) => {
      const vector = subject.embed(text);
      const other = documents[(i + 1 + Math.floor(rng() * (documents.length - 1))) % documents.length]!;
      return similarity(vector, subject.embed(editions[i]!)) <= similarity(vector, subject.embed(other.text));
    });
    return wrong === -1 || `not of text ${wrong}`;
  })

  .quality('topics found', {
    unit: 'ratio',
    better: 'higher',
    measure: ({ subject, fixture: { documents } }) => {
      const vectors = subject.embedAll(documents.map(({ text }) => text));
      const right = documents.filter(({ topic }, i) => {
        const near = vectors.map((vector, j) => (j === i ? -Infinity : similarity(vector, vectors[i]!)));
        return documents[near.indexOf(Math.max(...near))]!.topic === topic;
      });
      return right.length / documents.length;
    },
    // Chance finds one of five.
    objectives: ['topics found > 30%'],
  })
  .scaling('embed', {
    over: { characters: [250, 1000, 4000] },
    setup: ({ subject, fixture, parameters }) => ({ subject, text: fixture.prose.slice(0, parameters.characters) }),
    run: ({ subject, text }) => subject.embed(text),
    time: '100ms',
    warmup: '200ms',
    objectives: ['median < 50ms'],
  })

  .implementedBy({
    'hashed n-grams': () => hashedNgrams,
    'tf-idf': ({ fixture }) => tfIdf(fixture.documents.map(({ text }) => text)),
  });
