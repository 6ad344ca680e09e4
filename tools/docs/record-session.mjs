// Records the session of README.md: runs the real command line, from source, in a small project of its own, and writes
// what it prints. Takes about a minute; `node tools/docs/record-session.mjs`, on a machine that is quiet.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'packages/cli', `.from-source-session-${process.pid}`);
const project = mkdtempSync(join(tmpdir(), 'perfkeel-session-'));

const sessions = (close) => `const open = new Map();

export function visit(id) {
  open.set(id, { id, at: Date.now() });
  ${close}
}
`;

const files = {
  'package.json': '{ "name": "orders-api", "type": "module", "private": true }\n',
  'sessions.mjs': sessions('open.delete(id);'),
  'orders.perf.ts': `import { leak } from 'perfkeel';
import { visit } from './sessions.mjs';

let visitors = 0;
leak('a visit', {
  cycle: () => visit(visitors++),
  duration: '1s',
  rounds: 4,
  explain: false,
  objectives: ['growth < 16B/op'],
});
`,
};

/** The lines of a session: what is typed, and what happens in between. */
const session = [
  { command: ['run'] },
  { command: ['baseline', 'set', 'main'] },
  {
    remark: 'some days later, sessions are no longer closed',
    change: () => writeFileSync(join(project, 'sessions.mjs'), sessions('')),
  },
  { command: ['run', '--against', 'main'] },
];

/** Own packages are taken in, all others are left where they are. */
const ownInside = {
  name: 'own-packages-inside',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      path.startsWith('@perfkeel/') || kind === 'entry-point' ? undefined : { path, external: true },
    );
  },
};

async function buildProgram() {
  await build({
    absWorkingDir: root,
    entryPoints: ['packages/cli/src/bin.ts', 'packages/runner/src/harness.ts', 'packages/runner/src/supervisor.ts'],
    entryNames: '[name]',
    outdir: program,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@perfkeel/source'],
    plugins: [ownInside],
    logLevel: 'error',
  });
}

function record() {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  return session.map(({ command, remark, change }) => {
    change?.();
    if (remark !== undefined) return `# ${remark}\n`;
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', PERFKEEL_CONDITIONS: '@perfkeel/source' };
    const ended = spawnSync(process.execPath, [join(program, 'bin.js'), ...command], { cwd: project, env });
    const stdout = ended.stdout.toString();
    // What cannot be measured prints no figures to show.
    if (stdout === '' || ended.status === 4) throw new Error(`perfkeel ${command.join(' ')}: ${ended.stderr}`);
    return `$ perfkeel ${command.join(' ')}\n${stdout.trimEnd()}\n`;
  });
}

const [begin, end] = ['<!-- session: begin, written by tools/docs/record-session.mjs -->', '<!-- session: end -->'];

try {
  await buildProgram();
  mkdirSync(project, { recursive: true });
  const recorded = record().join('\n');
  const file = join(root, 'README.md');
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no place for it: ${begin} … ${end}`);
  const block = `${begin}\n\n\`\`\`text\n${recorded}\`\`\`\n\n${end}`;
  writeFileSync(file, text.slice(0, from) + block + text.slice(to + end.length));
  execFileSync(process.execPath, [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--check', file]);
} finally {
  for (const folder of [program, project]) rmSync(folder, { recursive: true, force: true });
}
