import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSnapshot } from './open-snapshot.ts';
import { snapshotText } from '../../test/heap/snapshot-text.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'perfkeel-open-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const count = 2000;
const text = snapshotText(
  Array.from({ length: count }, (_, i) => ({ name: `é ${i}`, size: 8, edges: i + 1 < count ? [{ to: i + 1 }] : [] })),
);
const forms = { '': Buffer.from(text), '.gz': gzipSync(text), '.br': brotliCompressSync(text) };

describe.each(Object.entries(forms))('openSnapshot of .heapsnapshot%s', (ending, bytes) => {
  const put = async (name: string, content: Uint8Array): Promise<string> => {
    const file = join(folder, `${name}.heapsnapshot${ending}`);
    await writeFile(file, content);
    return file;
  };

  it('reads all of it', async () => {
    const graph = await openSnapshot(await put('whole', bytes));
    expect([graph.nodeCount, graph.name(1999), graph.retainedSize(0)]).toEqual([count, 'é 1999', 8 * count]);
  });

  it('says when it is cut off', async () => {
    const file = await put('half', bytes.subarray(0, bytes.length / 2));
    await expect(openSnapshot(file)).rejects.toMatchObject({ code: 'bad-snapshot', exitCode: 4 });
    await expect(openSnapshot(file)).rejects.toThrow(/half.heapsnapshot\S* is cut off/);
  });

  it('says when it is something else', async () => {
    const file = await put('other', Buffer.from('\x89PNG and so on'));
    await expect(openSnapshot(file)).rejects.toMatchObject({ code: 'bad-snapshot' });
  });

  it('says when it is empty, missing or no file', async () => {
    await expect(openSnapshot(await put('empty', new Uint8Array()))).rejects.toMatchObject({ code: 'bad-snapshot' });
    const missing = openSnapshot(join(folder, `missing.heapsnapshot${ending}`));
    await expect(missing).rejects.toMatchObject({ code: 'no-file' });
    await expect(openSnapshot(folder)).rejects.toMatchObject({ code: 'not-readable' });
  });
});
