import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Import this before `pg`. Test workers run with the export condition `import`, under which `require('pg-pool')` finds an
 * ES module instead of the class that `pg` extends; plain Node does not.
 */
const loader = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
const resolveFilename = loader._resolveFilename;
const require = createRequire(import.meta.url);
loader._resolveFilename = (request, ...rest) =>
  request === 'pg-pool'
    ? join(dirname(require.resolve('pg/package.json')), '../pg-pool/index.js')
    : resolveFilename(request, ...rest);
