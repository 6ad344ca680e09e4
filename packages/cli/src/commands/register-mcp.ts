import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { listed, whole, withLook, type Finish } from './registration.ts';

export function registerMcp(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('mcp')
    .usage('[options] -- <command...>')
    .description('a first report of a server of the Model Context Protocol: times, throughput, cost in tokens')
    .argument('<server...>', 'its program and arguments, behind --; or the url of its endpoint')
    .option('--call <tool=json>', 'also call this tool, with these arguments; may be given several times', listed)
    .option('-H, --header <text>', "with a url, 'name: value'; may be given several times", listed)
    .option('--era <version>', '2025-11-25 or 2026-07-28; default: whichever it speaks')
    .option('--samples <n>', 'requests for each resource, tool and prompt; default: 60', whole)
    .option('--in-flight <n>', 'requests at once while throughput is measured; default: 16', whole)
    .option('--json', 'print what was measured as JSON');
  withLook(command).action(async (words: string[], options: Record<string, unknown>) => {
    const { mcpCommand } = await import('./mcp.ts');
    finish(await mcpCommand(words, options, io));
  });
}
