import { bundleFile, type BundleOptions } from './bundle.ts';
import { startPerfProcess } from './perf-process.ts';
import type { DeclaredFile } from './plan.ts';

/**
 * Bundles perf files and learns what each declares, in a process of its own.
 *
 * @throws PerfError (exit 2) for the first file that does not compile, throws, or declares something wrong. Nothing has
 * been measured then.
 */
export async function declareFiles(
  files: readonly string[],
  options: BundleOptions & { readonly root: string; readonly signal: AbortSignal },
): Promise<DeclaredFile[]> {
  const declared: DeclaredFile[] = [];
  for (const file of files) {
    const bundle = await bundleFile(file, options);
    const process = await startPerfProcess(bundle, { cwd: options.root, signal: options.signal });
    process.kill();
    declared.push({ bundle, declarations: process.declarations });
  }
  return declared;
}
