import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { listed, whole, withLook, type Finish } from './registration.ts';

export function registerMcp(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('mcp')
    .usage('[options] -- <command...>')
    .description('a first report of a server of the Model Context Protocol: times, throughput, cost in tokens')
    .argument('<server...>', 'its program and arguments, behind --; or the url of its endpoint')
    .option(
      '--call <tool=json>',
      'also call this tool, with these arguments, and fail when it never answers; may be given several times',
      listed,
    )
    .option('-H, --header <text>', "with a url, 'name: value'; may be given several times", listed)
    .option('--era <version>', '2025-11-25 or 2026-07-28; default: whichever it speaks')
    .option('--samples <n>', 'requests for each resource, tool and prompt; default: 60', whole)
    .option('--in-flight <n>', 'requests at once while throughput is measured; default: 16', whole)
    .option(
      '--client <name>',
      'sdk: through the official client, as a host sees it; needs @modelcontextprotocol/client',
    )
    .option('--max-answer <size>', 'the longest answer that is read, such as 1MB; default: 64MiB')
    .option('--beside <tool=json>', 'a slow tool, beside which the first --call is made again and again')
    .option('--capacity <p95>', 'the most answers per second that keep this p95, such as 50ms')
    .option('--write <tool=json>', 'write at once, with {mark} for a word of its own, and see what --read-back finds')
    .option('--read-back <tool=json>', 'reads back everything that --write has written')
    .option('--cancel <tool=json>', 'call a tool that takes long, and cancel it')
    .option('--growth <calls>', 'watch the memory of the server during so many calls', whole)
    .option('--churn <sessions>', 'open so many sessions, ask once in each, and close it', whole)
    .option('--json', 'print what was measured as JSON');
  withLook(command).action(async (words: string[], options: Record<string, unknown>) => {
    const { mcpCommand } = await import('./mcp.ts');
    finish(await mcpCommand(words, options, io));
  });
}
