// Writes docs/mcp/*.md: what `perfkeel mcp` prints for published servers, with the command above. The real, built command
// line: `npm run build` first, then `node tools/docs/mcp-reports.mjs`, about a minute; names after it choose servers.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { pressureText } from '../accuracy/machine.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const pages = join(root, 'docs/mcp');

/** The words that stand between `perfkeel mcp` and `--`, and behind the server. */
const reports = [
  {
    name: 'server-everything',
    what: 'every feature of the protocol, for those who write clients',
    options: [
      ...['--call', 'echo={"message":"hello"}', '--call', 'get-sum={"a":2,"b":3}'],
      ...['--beside', 'trigger-long-running-operation={"duration":1,"steps":4}'],
      ...['--cancel', 'trigger-long-running-operation={"duration":3,"steps":60}'],
      ...['--capacity', '50ms', '--growth', '20000', '--churn', '5'],
    ],
    words: [],
  },
  {
    name: 'server-filesystem',
    what: 'files of a folder',
    options: [
      ...['--call', 'read_text_file={"path":"a.md"}', '--call', 'list_directory={"path":"."}'],
      ...[
        '--call',
        'write_file={"path":"b.md","content":"written"}',
        '--call',
        'search_files={"path":".","pattern":"*.md"}',
      ],
      ...['--capacity', '50ms', '--growth', '20000', '--churn', '5'],
    ],
    words: ['notes'],
  },
  {
    name: 'server-memory',
    what: 'a graph of facts in one file',
    options: [
      ...['--call', 'search_nodes={"query":"a"}', '--call', 'read_graph'],
      ...['--write', 'create_entities={"entities":[{"name":"{mark}","entityType":"mark","observations":[]}]}'],
      ...['--read-back', 'read_graph', '--capacity', '50ms', '--growth', '20000', '--churn', '5'],
    ],
    words: [],
    env: { MEMORY_FILE_PATH: 'memory.jsonl' },
  },
];

const quoted = (word) => (/^[\w@./-]+$/.test(word) ? word : `'${word}'`);

/** Each option on a line of its own. */
function shown({ options, words, env = {} }, server) {
  const lines = [];
  for (const word of options.map(quoted)) {
    if (word.startsWith('--')) lines.push(word);
    else lines[lines.length - 1] += ` ${word}`;
  }
  const variables = Object.entries(env).map(([name, value]) => `${name}="$PWD/${value}" `);
  const start = `${variables.join('')}npx perfkeel mcp`;
  return [start, ...lines.map((line) => `  ${line}`), `  -- npx -y ${[server, ...words].join(' ')}`].join(' \\\n');
}

function measure(report, folder) {
  const { name, options, words, env = {} } = report;
  const manifest = require.resolve(`@modelcontextprotocol/${name}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const program = join(dirname(manifest), 'dist/index.js');
  mkdirSync(join(folder, 'notes'));
  writeFileSync(join(folder, 'notes/a.md'), `${'A line of a note that somebody wrote.\n'.repeat(100)}`);
  const before = pressureText();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    // The program itself instead of npx, which would ask a registry.
    [join(root, 'packages/cli/bin/perfkeel.js'), 'mcp', ...options, '--', 'node', program, ...words],
    {
      cwd: folder,
      env: {
        ...process.env,
        ...Object.fromEntries(Object.entries(env).map(([key, file]) => [key, join(folder, file)])),
      },
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  if (status !== 0) throw new Error(`perfkeel mcp of ${name} ended with ${status}: ${stderr}${stdout}`);
  return { version, stdout, before };
}

async function write(report) {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-mcp-report-'));
  try {
    const { version, stdout, before } = measure(report, folder);
    const server = `@modelcontextprotocol/${report.name}@${version}`;
    const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} processors, Node ${process.versions.node}`;
    const [title, ...rest] = stdout.trimEnd().split('\n');
    const page = [
      `${title.replace(/^# /, '# Report: ')}`,
      `\`${server}\`: ${report.what}. Written by \`node tools/docs/mcp-reports.mjs ${report.name}\`.`,
      ['```sh', shown(report, server), '```'].join('\n'),
      `${machine}; before it ${before} of the time some program waited for a processor.`,
      rest.join('\n').trim().replaceAll(folder, '.'),
    ];
    mkdirSync(pages, { recursive: true });
    const file = join(pages, `${report.name}.md`);
    writeFileSync(file, await format(page.join('\n\n'), { ...(await resolveConfig(file)), parser: 'markdown' }));
    console.log(`wrote docs/mcp/${report.name}.md`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
for (const report of reports) if (names.length === 0 || names.includes(report.name)) await write(report);
