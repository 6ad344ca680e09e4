import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The program of the Nx that a workspace has installed. Its place differs between versions. */
export function nxProgram(workspace: string): string | undefined {
  const require = createRequire(join(workspace, 'package.json'));
  for (const name of ['nx/bin/nx.js', 'nx/dist/bin/nx.js']) {
    try {
      return require.resolve(name);
    } catch {
      // Another version has it at the other place.
    }
  }
  return undefined;
}
