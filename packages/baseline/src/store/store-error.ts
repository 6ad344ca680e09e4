import { PerfError, messageOf } from '@perfkeel/core';

/** The code of a system error, such as `ENOSPC`; `undefined` for anything else. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function remedy(code: string | undefined, root: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `Free some space for ${root}, or set "store" in perf.config to a folder on another disk.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `Something that is not a folder stands at ${root} or above it: move it away.`;
    default:
      return `Make ${root} a folder that you may read and write, or set "store" in perf.config to another one.`;
  }
}

/** The disk is full, read-only or not ours: exit code 4, and the path in the hint. */
export const notWritable = (path: string, root: string, cause: unknown): PerfError =>
  new PerfError(`cannot write ${path}: ${messageOf(cause)}`, {
    code: 'store-not-writable',
    hint: remedy(systemCode(cause), root),
    cause,
  });

export const notReadable = (path: string, root: string, cause: unknown): PerfError =>
  new PerfError(`cannot read ${path}: ${messageOf(cause)}`, {
    code: 'store-not-readable',
    hint: remedy(systemCode(cause), root),
    cause,
  });
