import { ExitCode } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import { plain, type Io } from '../io.ts';
import { openStore } from '../results.ts';
import { counted } from './counted.ts';

/** `perfkeel baseline verify|repair`. Returns 4 when records are damaged or missing, as `verify` finds them. */
export async function healthCommand(
  verb: 'verify' | 'repair',
  options: { readonly dir?: string },
  io: Io,
): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir), io);
  const found =
    verb === 'verify' ? await store.verifyStore() : await store.repairStore({ at: new Date().toISOString() });
  const { runs, baselines, pins, problems } = found;
  io.stdout.write(`${counted(runs, 'run')}, ${counted(baselines, 'baseline')}, ${counted(pins, 'pin')}\n`);
  for (const { message } of problems) io.stdout.write(`  ${plain(message)}\n`);
  if (verb === 'repair') {
    const packed = await store.compactStore();
    if (packed > 0) io.stdout.write(`packed ${packed} records\n`);
    return ExitCode.Ok;
  }
  if (problems.length === 0) io.stdout.write('every record is whole\n');
  else io.stdout.write('perfkeel baseline repair sets damaged records aside\n');
  return problems.length === 0 ? ExitCode.Ok : ExitCode.CouldNotMeasure;
}
