import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';

interface Manifest {
  readonly name?: unknown;
  readonly private?: unknown;
}

/** Tells code that measures from code that is measured. Reads each manifest once. */
export type IsOwnCode = (file: string) => boolean;

const ownName = /^(?:perfkeel|@perfkeel\/.+)$/;
const code = /^(?:src|dist|bin)[\\/]/;
const measuring = /\.(?:perf|test)\.[cm]?[jt]sx?$/;

/**
 * Whether a source file belongs to one of the packages that measure, installed or linked: the nearest manifest has their
 * name and may be published, which excludes examples and benchmarks of the packages themselves. The file need not exist:
 * source maps of installed packages name sources that are not installed.
 */
export function ownCode(): IsOwnCode {
  const roots = new Map<string, string | undefined>();
  const rootOf = (folder: string): string | undefined => {
    if (!roots.has(folder)) {
      const manifest = manifestIn(folder);
      const above = dirname(folder);
      const own = ownName.test(String(manifest?.name)) && manifest?.private !== true ? folder : undefined;
      roots.set(folder, manifest || above === folder ? own : rootOf(above));
    }
    return roots.get(folder);
  };
  return (file) => {
    if (!isAbsolute(file) || measuring.test(file)) return false;
    const root = rootOf(dirname(file));
    return root !== undefined && code.test(relative(root, file));
  };
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null;
    // One without a name only says which kind of modules lie there.
    return typeof manifest?.name === 'string' ? manifest : undefined;
  } catch {
    return undefined;
  }
}
