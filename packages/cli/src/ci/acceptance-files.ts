import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { applyAcceptances, decodeAcceptance, encodeAcceptance, type Acceptance } from '@perfkeel/baseline';
import { PerfError, messageOf, usageError, type ComparisonReport } from '@perfkeel/core';
import { askGit } from '@perfkeel/runner';

/** Where a project keeps what was accepted: beside its code, so that it is reviewed with it. */
export const acceptanceFolder = join('.perfkeel', 'accepted');

/** The acceptances of a project's working tree, by id. @throws PerfError `bad-acceptance`, exit code 2. */
export async function readAcceptances(root: string): Promise<readonly Acceptance[]> {
  const folder = join(root, acceptanceFolder);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(files.map((name) => readOne(join(folder, name), root)));
}

/**
 * The same for a history: each is dated to the commit that brought it into this branch, because that is where its epoch
 * begins, however long it lay in another branch. One that is not committed keeps its own date, and so do all where git
 * does not have the whole history.
 */
export async function mergedAcceptances(root: string): Promise<readonly Acceptance[]> {
  const all = await readAcceptances(root);
  const folder = acceptanceFolder.split(sep).join('/');
  if (all.length === 0 || (await askGit(root, ['rev-parse', '--is-shallow-repository'])) !== 'false') return all;
  const listing = ['--first-parent', '-m', '--diff-filter=A', '--name-only', '--format=%x00%cI', '--', `${folder}/`];
  const log = (await askGit(root, ['log', ...listing])) ?? '';
  const merged = new Map<string, string>();
  // The newest commit comes first: a file that was taken away and brought back counts from then.
  for (const commit of log.split('\0').slice(1)) {
    const [at = '', ...names] = commit.split('\n').filter((line) => line !== '');
    for (const name of names) {
      const id = basename(name, '.json');
      if (!merged.has(id)) merged.set(id, new Date(at).toISOString());
    }
  }
  return all.map((one) => ({ ...one, at: merged.get(one.id) ?? one.at }));
}

/** Whether base has it already is told by the name of the file, which therefore has to be the right one. */
async function readOne(file: string, root: string): Promise<Acceptance> {
  const shown = relative(root, file).split(sep).join('/');
  const acceptance = decodeAcceptance(await readFile(file, 'utf8'), shown);
  if (basename(file) === `${acceptance.id}.json`) return acceptance;
  throw usageError(`${shown} accepts nothing: it is the acceptance ${acceptance.id}`, {
    code: 'bad-acceptance',
    hint: `Call the file ${acceptance.id}.json.`,
  });
}

/** What tells which acceptances base has. */
export interface AcceptingBase {
  readonly sha?: string | undefined;
  /** When it was measured, ISO 8601. */
  readonly measuredAt: string;
}

/**
 * Those that are not in base yet. What base has accepted is what base measures: it says nothing about a change from
 * there, and would let every later regression of the series pass. Where git does not know the commit of base, as in a
 * shallow clone or for a run from elsewhere, those that were written before base was measured count as its own.
 */
export async function newAcceptances(root: string, { sha, measuredAt }: AcceptingBase): Promise<readonly Acceptance[]> {
  const all = await readAcceptances(root);
  if (all.length === 0) return all;
  const folder = `${acceptanceFolder.split(sep).join('/')}/`;
  const listed = sha === undefined ? undefined : await askGit(root, ['ls-tree', '--name-only', '-z', sha, folder]);
  if (listed === undefined) return all.filter(({ at }) => Date.parse(at) > Date.parse(measuredAt));
  const merged = new Set(
    listed.split('\0').map((path) =>
      path
        .split('/')
        .at(-1)
        ?.replace(/\.json$/, ''),
    ),
  );
  return all.filter(({ id }) => !merged.has(id));
}

/** Lets regressions pass that are among those accepted today. */
export const acceptAmong = (acceptances: readonly Acceptance[], report: ComparisonReport): ComparisonReport =>
  applyAcceptances(report, acceptances, new Date().toISOString().slice(0, 10));

/** Writes the file of an acceptance. Never over another one. @returns its path */
export async function writeAcceptance(root: string, acceptance: Acceptance): Promise<string> {
  const folder = join(root, acceptanceFolder);
  const file = join(folder, `${acceptance.id}.json`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, encodeAcceptance(acceptance), { flag: 'wx' });
  } catch (error) {
    throw new PerfError(`cannot write ${file}: ${messageOf(error)}`, { code: 'not-writable', cause: error });
  }
  return file;
}
