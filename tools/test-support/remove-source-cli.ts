import { rmSync } from 'node:fs';
import { sourceCliFolder } from './source-cli-folder.ts';

/** For `globalSetup` of vitest: what test processes built is removed once all of them have ended. */
export default function setup(): () => void {
  return () => rmSync(sourceCliFolder(process.pid), { recursive: true, force: true });
}
