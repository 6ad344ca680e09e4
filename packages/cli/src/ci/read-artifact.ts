import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { PerfError, messageOf } from '@perfkeel/core';
import { parseCiReport, type CiPart } from '@perfkeel/report';

/** What a folder from another job may hold at most; more is no report. */
export const artifactCaps = { entries: 5000, depth: 8, bytes: 500e6, reports: 200, report: 20e6 } as const;

/** File names come from elsewhere: a line of their own could be a command to the host that shows the message. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, '?');

const refused = (message: string, hint?: string): PerfError =>
  new PerfError(oneLine(message), { code: 'bad-artifact', hint });

/**
 * Reads every comparison.json below a folder that nobody vouches for. Looks at the whole folder first: links, anything
 * that is no file or folder, too many entries and too many bytes are refused. Nothing but comparison.json is read.
 *
 * @throws PerfError `bad-artifact` or `bad-ci-report`, exit code 4
 */
export async function readArtifact(folder: string): Promise<readonly CiPart[]> {
  const files = (await walk(folder)).filter((file) => basename(file) === 'comparison.json').sort();
  if (files.length === 0) {
    throw refused(`there is no comparison.json in ${folder}`, 'perfkeel ci writes it into the folder of --out.');
  }
  if (files.length > artifactCaps.reports) throw refused(`${folder} has more than ${artifactCaps.reports} reports`);
  return await Promise.all(
    files.map(async (file) => {
      const name = relative(folder, join(file, '..')).replaceAll('\\', '/') || basename(folder);
      return {
        name: name.slice(0, 100),
        report: parseCiReport(await readCapped(file), oneLine(relative(folder, file))),
      };
    }),
  );
}

async function walk(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  let [entries, bytes] = [0, 0];
  const visit = async (path: string, depth: number): Promise<void> => {
    if (depth > artifactCaps.depth) throw refused(`${path} is nested too deeply`);
    for await (const entry of await opened(path)) {
      if (++entries > artifactCaps.entries) throw refused(`${folder} has more than ${artifactCaps.entries} entries`);
      const full = join(path, entry.name);
      const facts = await lstat(full);
      if (facts.isDirectory()) await visit(full, depth + 1);
      else if (!facts.isFile()) throw refused(`${full} is neither a file nor a folder, but a link or a device`);
      else {
        bytes += facts.size;
        if (bytes > artifactCaps.bytes) throw refused(`${folder} has more than ${artifactCaps.bytes} bytes`);
        files.push(full);
      }
    }
  };
  const root = await lstat(folder).catch((error: unknown) => {
    throw refused(`cannot read ${folder}: ${messageOf(error)}`, 'Name the folder that perfkeel ci wrote.');
  });
  if (!root.isDirectory()) throw refused(`${folder} is no folder`);
  await visit(folder, 0);
  return files;
}

async function opened(path: string): Promise<Awaited<ReturnType<typeof opendir>>> {
  try {
    return await opendir(path);
  } catch (error) {
    throw refused(`cannot read ${path}: ${messageOf(error)}`);
  }
}

/** Follows no link, even one that took the place of the file just now. */
async function readCapped(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw refused(`cannot read ${file}: ${messageOf(error)}`);
  });
  try {
    const { size } = await handle.stat();
    if (size > artifactCaps.report) throw refused(`${file} has more than ${artifactCaps.report} bytes`);
    return (await handle.readFile()).toString('utf8');
  } finally {
    await handle.close();
  }
}
