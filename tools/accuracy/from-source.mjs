/** Bundles of the workspace's packages from source, for programs that run in a process of their own. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** esbuild with what all such bundles have in common; `options` say what goes in, where it goes, and what stays out. */
export const buildFromSource = (options) =>
  build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@perfkeel/source'],
    logLevel: 'error',
    ...options,
  });
