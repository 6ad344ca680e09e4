import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startApi } from '../api/api.ts';
import { readOptions } from '../api/options.ts';
import { startServices } from '../services/services.ts';
import { buildReport, exitCodeOf, reportName, reportText } from './report.ts';
import type { RunFile } from './run-file.ts';
import { nfrTargets } from './targets.ts';

// Built, it lies in `dist/nfr/`.
const example = fileURLToPath(new URL('../..', import.meta.url));
const program = join(dirname(createRequire(import.meta.url).resolve('perfkeel/package.json')), 'bin/perfkeel.js');
const projects = ['tasks-api', 'mcp-server'];

interface Flags {
  readonly only: readonly string[];
  readonly out: string;
  readonly rehearse: boolean;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      out: { type: 'string' },
      rehearse: { type: 'boolean', default: false },
    },
  });
  const only = values.only ?? projects;
  const stranger = only.find((project) => !projects.includes(project));
  if (stranger !== undefined) throw new Error(`--only is ${stranger}, expected ${projects.join(' or ')}`);
  return { only, out: values.out ?? join(example, 'reports'), rehearse: values.rehearse };
}

/** What the server says of itself. Everything that it needs is found before anything is measured. */
async function askServer(): Promise<Readonly<Record<string, string>>> {
  const services = await startServices();
  try {
    const api = await startApi(services, readOptions(process.env));
    await api.close();
    return api.about;
  } finally {
    await services.stop();
  }
}

/** Measures one project, with its progress on this terminal; `undefined` when no results came of it. */
async function measure(project: string, rehearse: boolean): Promise<RunFile | undefined> {
  const folder = join(example, '..', project);
  if (!existsSync(join(folder, 'perf.config.ts'))) {
    console.log(`${project} has no benchmarks here`);
    return undefined;
  }
  const began = Date.now();
  const child = spawn(process.execPath, [program, 'run', '--dir', folder], {
    stdio: 'inherit',
    env: { ...process.env, NFR: rehearse ? 'short' : 'full' },
  });
  await once(child, 'exit');
  const file = join(folder, '.perf/latest/run.json');
  if (!existsSync(file)) return undefined;
  const run = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
  // Half a run, or an earlier one, says nothing of this one.
  return run.interrupted || Date.parse(run.startedAt) < began - 1000 ? undefined : run;
}

async function main(): Promise<number> {
  const { only, out, rehearse } = readFlags();
  const began = Date.now();
  const server = await askServer();
  console.log(`tasks-api ${server['version']}: PostgreSQL ${server['postgres']}, cache ${server['cache']}`);
  const runs = new Map<string, RunFile>();
  for (const [index, project] of only.entries()) {
    console.log(`\n${index + 1} of ${only.length}: ${project}`);
    const run = await measure(project, rehearse);
    if (run !== undefined) runs.set(project, run);
  }
  const targets = nfrTargets.filter(({ project }) => only.includes(project));
  const facts = {
    timestamp: new Date(began).toISOString(),
    durationSeconds: (Date.now() - began) / 1000,
    rehearsal: rehearse,
    server,
  };
  const report = buildReport(targets, runs, facts);
  await mkdir(out, { recursive: true });
  const file = join(out, reportName(facts.timestamp));
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`\n${reportText(report)}\n${Math.round(facts.durationSeconds)} s, ${relative(process.cwd(), file)}`);
  return exitCodeOf(report);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
