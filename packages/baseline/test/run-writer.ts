/** Stores a number of runs, and sets one baseline to each: `run-writer <folder> <name> <count>`. */
import { folderLog, runStore } from '@perfkeel/baseline';
import { sampleRun } from '@perfkeel/core/testing';

const [folder = '', name = '', count = '0'] = process.argv.slice(2);
const store = runStore(folderLog(folder));
for (let i = 0; i < Number(count); i++) {
  const { sha, created } = await store.saveRun(sampleRun({ id: `${name}-${i}`, durationMs: i }));
  process.stdout.write(`${sha} ${created}\n`);
}
// What all writers store is the same record, and what they set is the same baseline.
await store.saveRun(sampleRun({ id: 'COMMON' }));
for (let i = 0; i < 3; i++) {
  await store.setBaseline('main', `${name}-${i}`, { at: '2027-01-31T12:00:00Z', reason: `${name}.${i}` });
}
