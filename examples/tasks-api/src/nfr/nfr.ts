import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askMcpServer, askTasksApi, type About } from './ask-servers.ts';
import { runSuite } from './suite.ts';
import { nfrTargets } from './targets.ts';

// Built, it lies in `dist/nfr/`.
const example = fileURLToPath(new URL('../..', import.meta.url));
const perfkeel = dirname(createRequire(import.meta.url).resolve('perfkeel/package.json'));
const projects = ['tasks-api', 'mcp-server'];
// npm starts it in the folder of the example, wherever its user is.
const cwd = process.env['INIT_CWD'] ?? process.cwd();

const help = `npm run nfr -- [options]

  --only <project>   tasks-api or mcp-server; may be given several times
  --out <folder>     where the report is written; default: examples/tasks-api/reports
  --rehearse         measures for seconds: shows that everything works, and no requirement
`;

interface Flags {
  readonly only: readonly string[];
  readonly out: string;
  readonly rehearse: boolean;
  readonly help: boolean;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      out: { type: 'string' },
      rehearse: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only ?? projects;
  const stranger = only.find((project) => !projects.includes(project));
  if (stranger !== undefined) throw new Error(`--only is ${stranger}, expected ${projects.join(' or ')}`);
  const out = values.out === undefined ? join(example, 'reports') : resolve(cwd, values.out);
  return { only, out, rehearse: values.rehearse, help: values.help };
}

/** Measuring takes minutes: whatever is missing is told before. */
function refuseUnbuilt(folders: ReadonlyMap<string, string>): void {
  const needed = [join(perfkeel, 'dist/bin.js'), ...[...folders.values()].map((each) => join(each, 'dist/server.js'))];
  const missing = needed.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${relative(cwd, missing)} is missing: run npm run build first`);
}

const askers: Readonly<Record<string, (folder: string) => Promise<About>>> = {
  'tasks-api': askTasksApi,
  'mcp-server': askMcpServer,
};

async function askAll(folders: ReadonlyMap<string, string>): Promise<Readonly<Record<string, About>>> {
  const servers: Record<string, About> = {};
  for (const [name, folder] of folders) {
    const about = (servers[name] = await askers[name]!(folder));
    const facts = Object.entries(about).map(([word, value]) => `${word} ${value}`);
    console.log(`${name}: ${facts.join(', ')}`);
  }
  return servers;
}

const interrupting = new AbortController();
// Whatever was started ends before this process does.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupting.abort());

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags.help) {
    console.log(help);
    return 0;
  }
  const folders = new Map(flags.only.map((name) => [name, join(example, '..', name)]));
  refuseUnbuilt(folders);
  return runSuite({
    targets: nfrTargets,
    folders,
    servers: await askAll(folders),
    ...{ out: flags.out, rehearse: flags.rehearse, cwd, signal: interrupting.signal },
    program: join(perfkeel, 'bin/perfkeel.js'),
    env: process.env,
    stdio: 'inherit',
    print: (text) => process.stdout.write(text),
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  // At a terminal Ctrl-C reaches what is being started too, which then says that it did not start.
  const words = interrupting.signal.aborted ? 'interrupted: nothing was measured' : (error as Error).message;
  console.error(words);
  process.exitCode = interrupting.signal.aborted ? 130 : 2;
}
