import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { usageError } from '@perfkeel/core';
import { folderLog } from './folder-log.ts';
import { gitLog } from './git/git-log.ts';
import type { ObjectLog } from './object-log.ts';
import { postgresLog } from './postgres/postgres-log.ts';
import { runStore, type RunStore } from './run-store.ts';
import { s3Log } from './s3/s3-log.ts';

export interface StorePlace {
  /** The folder of a project's results: the records themselves, or what is known about remote ones. */
  readonly folder: string;
  /** `git:origin`, `git+branch:origin`, `postgres://…` or `s3://bucket/prefix`. @default in `folder` */
  readonly location?: string | undefined;
  /** A folder inside the clone through which records travel to a git remote. @default `folder` */
  readonly repository?: string | undefined;
}

const remote = /^(git|git\+branch|postgres|postgresql|s3):/;

/** Whether a `store` of perf.config is somewhere else than in a folder. One letter is a drive of Windows. */
export function isRemoteStore(store: string): boolean {
  if (remote.test(store)) return true;
  if (!/^[a-z][a-z0-9+.-]+:/i.test(store)) return false;
  throw usageError(`there is no store of the kind ${JSON.stringify(store.slice(0, store.indexOf(':')))}`, {
    code: 'bad-store',
    hint: 'Write a folder, "git:origin", "git+branch:origin", "postgres://host/database" or "s3://bucket/prefix".',
    excerpt: store,
  });
}

/** Opens the records of a place. Nothing is read, written or connected before the first call. */
export function openLog({ folder, location, repository = folder }: StorePlace): ObjectLog {
  if (location === undefined) return folderLog(join(folder, 'store'));
  isRemoteStore(location);
  const [scheme = ''] = location.split(':');
  const rest = location.slice(scheme.length + 1);
  switch (scheme) {
    case 'git':
      return gitLog({ repository, remote: rest || 'origin' });
    case 'git+branch':
      return gitLog({ repository, remote: rest || 'origin', transport: 'branch' });
    case 's3':
      return s3Log(location);
    default:
      return postgresLog(location);
  }
}

/**
 * Opens the runs of a place, with an index beside its results that makes listing fast.
 *
 * @param wrap gets the records, and returns what is used instead, such as records that are tried again. @default as they are
 */
export function openRunStore(place: StorePlace, wrap: (log: ObjectLog) => ObjectLog = (log) => log): RunStore {
  const { folder, location } = place;
  // A password may stand in the location: its hash does not give it away.
  const name =
    location === undefined ? 'index' : `index-${createHash('sha256').update(location).digest('hex').slice(0, 12)}`;
  return runStore(wrap(openLog(place)), { indexFolder: join(folder, name) });
}
