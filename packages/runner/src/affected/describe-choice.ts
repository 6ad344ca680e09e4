import type { Cause, Choice } from './selection.ts';

/** Why a perf file runs, in one line: `packages/core/src/a.ts -> core -> load`. */
export function describeCause({ sure, what, chain, note }: Cause): string {
  const path = [what, ...chain].filter((part) => part !== '').join(' -> ');
  const why = [path, note === undefined ? '' : path === '' ? note : `(${note})`]
    .filter((part) => part !== '')
    .join(' ');
  return sure ? `because ${why}` : `unsure, because ${why}`;
}

/** One line of what is chosen: `run load: perf/a.perf.ts because ...`, `skip ...: no changed input`. */
export function describeChoice({ decision, project, file, cause }: Choice): string {
  return cause === undefined
    ? `${decision} ${project}: ${file}: no changed input`
    : `${decision} ${project}: ${file} ${describeCause(cause)}`;
}
