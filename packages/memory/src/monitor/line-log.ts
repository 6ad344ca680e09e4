import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { PerfError, messageOf } from '@perfkeel/core';

/** A file of JSON values, one a line, that survives the death of its writer. */
export interface LineLog {
  /** @throws PerfError `log-not-written`, once the disk is full or gone. */
  write(value: object): void;
  /** May be called again. */
  close(): void;
}

/** A power cut loses no more lines than this; a process that is killed loses none. */
const linesPerSync = 10;

function notWritten(file: string, cause: unknown): PerfError {
  return new PerfError(`${file} could not be written: ${messageOf(cause)}`, {
    code: 'log-not-written',
    hint: 'Name a file in a folder that exists, on a disk with room; what was written before is whole.',
    cause,
  });
}

/**
 * Opens a log to write behind what is there; a last line that was torn is cut off.
 *
 * @param keep how many bytes of the file are whole, from `readLines`; 0 begins anew
 * @throws PerfError `log-not-written`.
 */
export function openLineLog(file: string, keep = 0): LineLog {
  let fd: number | undefined;
  try {
    fd = openSync(file, existsSync(file) ? 'r+' : 'w');
    ftruncateSync(fd, keep);
  } catch (cause) {
    throw notWritten(file, cause);
  }
  let position = keep;
  let lines = 0;
  return {
    write: (value) => {
      if (fd === undefined) return;
      try {
        const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
        for (let done = 0; done < bytes.length;)
          done += writeSync(fd, bytes, done, bytes.length - done, position + done);
        position += bytes.length;
        lines += 1;
        if (lines % linesPerSync === 0) fdatasyncSync(fd);
      } catch (cause) {
        throw notWritten(file, cause);
      }
    },
    close: () => {
      if (fd === undefined) return;
      const open = fd;
      fd = undefined;
      closeSync(open);
    },
  };
}

export interface ReadLines {
  readonly values: readonly unknown[];
  /** Bytes of the file up to the end of the last whole line. */
  readonly whole: number;
}

/**
 * All whole lines of a log. A last line without an end, or one that is no JSON object, is dropped: its writer died.
 *
 * @throws PerfError `foreign-log` when any other line is none, or the file cannot be read.
 */
export function readLines(file: string): ReadLines {
  const bytes = read(file);
  const end = bytes.lastIndexOf(10) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const values = lines.map(parsed);
  const bad = values.indexOf(undefined);
  if (bad >= 0 && bad < lines.length - 1) throw foreign(file, `line ${bad + 1} is no JSON object`);
  if (bad < 0) return { values, whole: end };
  return { values: values.slice(0, -1), whole: end - Buffer.byteLength(lines.at(-1)!) - 1 };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw foreign(file, messageOf(error));
  }
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export const foreign = (file: string, why: string): PerfError =>
  new PerfError(`${file} is not a log of ours: ${why}`, {
    code: 'foreign-log',
    hint: 'Name the file that was given as checkpoint, or another one to begin anew.',
  });
