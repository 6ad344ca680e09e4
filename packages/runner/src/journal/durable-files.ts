import { constants } from 'node:fs';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes `text` behind the first `length` bytes of a file and waits until it is on the disk. What a write that failed
 * left behind them is cut off.
 *
 * @returns the new length
 * @throws whatever the system says, such as `ENOSPC`
 */
export async function appendDurably(path: string, length: number, text: string): Promise<number> {
  if (length === 0) await mkdir(dirname(path), { recursive: true });
  const file = await open(path, constants.O_RDWR | (length === 0 ? constants.O_CREAT : 0));
  try {
    const { size } = await file.stat();
    if (size < length) throw new Error('it was cut short by something else');
    if (size > length) await file.truncate(length);
    const bytes = Buffer.from(text);
    await writeAll(file, bytes, length);
    await file.sync();
    if (length === 0) await syncFolder(dirname(path));
    return length + bytes.length;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, from: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, from + done);
    done += bytesWritten;
  }
}

/** Replaces a file as a whole: whenever the machine stops, the old one or the new one is there. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  const file = await open(unfinished, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

/** Some systems cannot sync a folder: there the entry is as durable as the system makes it. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    return;
  }
}
