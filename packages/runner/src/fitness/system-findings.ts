import { readdirSync } from 'node:fs';
import { freemem, loadavg, totalmem } from 'node:os';
import { formatNumber, formatQuantity, type Finding } from '@perfkeel/core';
import { readProcessorLimit } from './control-group.ts';
import { makeFinding } from './make-finding.ts';
import { readText, type ReadText } from './read-text.ts';

/** What a system says about itself. None of it spoils times by itself: notes at most. */
export function systemFindings(processors: number, read: ReadText = readText): Finding[] {
  return [count(processors), load(processors), memory(read), quota(read), governor(read), battery(read)].filter(
    (found) => found !== undefined,
  );
}

function count(processors: number): Finding {
  const advice = 'A target and the load on it need a processor each.';
  return makeFinding('cores', 'Processors', processors >= 2 ? 'ok' : 'note', String(processors), advice);
}

/** The last minute, which may be over: what runs now is measured elsewhere. */
function load(processors: number): Finding | undefined {
  if (process.platform === 'win32') return undefined;
  const average = loadavg()[0] ?? 0;
  const advice = 'Something ran here in the last minute; it may run again.';
  return makeFinding('load', 'Load average', average > processors * 0.7 ? 'note' : 'ok', formatNumber(average), advice);
}

/** Reads a line such as `MemAvailable:   24231336 kB` of /proc/meminfo. @returns bytes */
export function parseMemory(text: string, name: string): number | undefined {
  const [, kibibytes] = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function memory(read: ReadText): Finding {
  const text = read('/proc/meminfo') ?? '';
  const free = parseMemory(text, 'MemAvailable') ?? freemem();
  const [swap = 0, swapFree = 0] = [parseMemory(text, 'SwapTotal'), parseMemory(text, 'SwapFree')];
  const swapped = swap - swapFree;
  const value = `${formatQuantity(free, 'B')}${swapped > 0 ? `, ${formatQuantity(swapped, 'B')} swapped out` : ''}`;
  const scarce = free < totalmem() * 0.1;
  return makeFinding('memory', 'Free memory', scarce ? 'note' : 'ok', value, 'A machine that swaps measures its disk.');
}

function quota(read: ReadText): Finding | undefined {
  const limit = readProcessorLimit(read);
  if (limit === undefined) return undefined;
  const advice = 'A container that uses up its quota is paused for tens of milliseconds; rounds in which it is say so.';
  return makeFinding('quota', 'Processor quota', 'note', `${formatNumber(limit)} processors`, advice);
}

function governor(read: ReadText): Finding | undefined {
  const name = read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  if (name === undefined) return undefined;
  const advice = 'sudo cpupower frequency-set -g performance';
  return makeFinding('governor', 'Frequency governor', name === 'performance' ? 'ok' : 'note', name, advice);
}

function battery(read: ReadText): Finding | undefined {
  const folder = '/sys/class/power_supply';
  const running = namesIn(folder).some(
    (name) => read(`${folder}/${name}/type`) === 'Battery' && read(`${folder}/${name}/status`) === 'Discharging',
  );
  if (!running) return undefined;
  return makeFinding('battery', 'Power', 'note', 'from the battery', 'Plug it in: processors save power on a battery.');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
