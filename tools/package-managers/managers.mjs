/** How package managers are told what npm needs no telling, and what they write. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const inBerry = (linker) => ({
  program: 'yarn',
  file: '@yarnpkg/cli-dist/bin/yarn.js',
  install: ['install', '--no-immutable'],
  execute: ['exec'],
  lock: 'yarn.lock',
  own: 'workspace:*',
  files: { '.yarnrc.yml': `nodeLinker: ${linker}\nenableTelemetry: false\nenableGlobalCache: false\n` },
  manifest: (overrides) => ({ resolutions: overrides }),
});

export const managers = {
  pnpm: {
    program: 'pnpm',
    file: 'pnpm/bin/pnpm.cjs',
    install: ['install', '--no-frozen-lockfile'],
    execute: ['exec'],
    lock: 'pnpm-lock.yaml',
    own: 'workspace:*',
    files: { 'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\nonlyBuiltDependencies:\n  - esbuild\n" },
    manifest: (overrides) => ({ pnpm: { overrides } }),
  },
  'yarn-1': {
    program: 'yarn',
    file: 'yarn/bin/yarn.js',
    install: ['install', '--non-interactive'],
    execute: ['--silent', 'run'],
    lock: 'yarn.lock',
    own: '1.0.0',
    files: {},
    manifest: (overrides) => ({ resolutions: overrides }),
  },
  'yarn-4': inBerry('node-modules'),
  'yarn-4-pnp': { ...inBerry('pnp'), plugAndPlay: true },
};

/** Makes a folder with the one program, and returns a PATH that begins with it. */
export function placeProgram({ program, file }, programs, folder) {
  mkdirSync(folder, { recursive: true });
  const script = join(programs, 'node_modules', file);
  const text =
    process.platform === 'win32'
      ? `@node "${script}" %*\r\n`
      : `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`;
  const place = join(folder, process.platform === 'win32' ? `${program}.cmd` : program);
  writeFileSync(place, text);
  chmodSync(place, 0o755);
  return `${folder}${delimiter}${process.env.PATH}`;
}
