/**
 * Does the HTTP/1.1 framer of load take and refuse what the parser of Node takes and refuses?
 *
 * Random streams of answers, cut at random places: lengths, chunks with extensions and trailers, ends by the end of the
 * connection, 1xx, 204, 304, answers to HEAD, several answers behind one another, and a third of them damaged. Both
 * parsers must find the same answers with the same bodies and stop at the same one. A few streams on which llhttp before
 * 9.4 is known to be laxer or stricter than the standard are counted as skipped. The last line is JSON.
 *
 *     node tools/accuracy/framer-fuzz.mjs                       a million answers, about 2 minutes
 *     node tools/accuracy/framer-fuzz.mjs --answers 50000 --seed 7
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { printTable, root } from './load-support.mjs';
import { buildFromSource } from './from-source.mjs';

const { values: flags } = parseArgs({ options: { answers: { type: 'string' }, seed: { type: 'string' } } });
const answers = Number(flags.answers ?? 1_000_000);
const seed = Number(flags.seed ?? 1);

async function importFuzz() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'framer-'));
  try {
    const outfile = join(folder, 'fuzz.mjs');
    await buildFromSource({
      stdin: {
        contents: "export * from './answer-parsers.ts'; export * from './answer-streams.ts';",
        resolveDir: join(root, 'packages/load/test/support'),
      },
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { answerStreams, fuzzFramer } = await importFuzz();
const began = performance.now();
const { counts, found } = fuzzFramer(answerStreams(seed), answers);
const seconds = Math.round((performance.now() - began) / 1000);

printTable([
  ['answers', 'streams', 'ended well', 'cut', 'refused', 'skipped', 'disagreements', 's'],
  [counts.answers, counts.streams, counts.between, counts.within, counts.wrong, counts.skipped, found.length, seconds],
]);
for (const disagreement of found) console.log(disagreement);
const { llhttp } = process.versions;
console.log(JSON.stringify({ bench: 'framer-fuzz', seed, llhttp, ...counts, disagreements: found.length, seconds }));
process.exitCode = found.length === 0 ? 0 : 1;
