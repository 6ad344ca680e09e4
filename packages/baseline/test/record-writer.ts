/** Stores large records until it is killed, and names each one that is stored: `record-writer <folder>`. */
import { createHash } from 'node:crypto';
import { folderLog } from '@perfkeel/baseline';

const log = folderLog(process.argv[2] ?? '');
const bytes = new Uint8Array(4_000_000).fill(65);
for (let i = 0; ; i++) {
  new DataView(bytes.buffer).setFloat64(0, process.pid + i / 1e6);
  const key = `objects/${createHash('sha256').update(bytes).digest('hex')}`;
  await log.put(key, bytes);
  process.stdout.write(`${key}\n`);
}
