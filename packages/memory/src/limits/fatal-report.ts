import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder into which Node writes a report when it dies; the report costs nothing before. */
export interface FatalReports {
  readonly execArgv: readonly string[];
  /** Why it died, as Node says it; `undefined` when it wrote nothing. */
  event(): string | undefined;
  remove(): void;
}

export function createFatalReports(): FatalReports {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-limit-'));
  return {
    execArgv: ['--report-on-fatalerror', '--report-compact', `--report-directory=${folder}`],
    event: () => readdirSync(folder).flatMap((name) => eventIn(join(folder, name)) ?? [])[0],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A process that is killed while it writes leaves a torn report. */
function eventIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { header: { event: string } }).header.event;
  } catch {
    return undefined;
  }
}
