import { fileURLToPath } from 'node:url';

export const rootPath = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/**
 * Where the processes of one vitest have the command line that is built from source: inside the package, so that its
 * package.json and the workspace's node_modules are where they are for a user.
 *
 * @param vitest the process that starts the test processes
 */
export const sourceCliFolder = (vitest: number): string => rootPath(`packages/cli/.from-source-${vitest}`);
