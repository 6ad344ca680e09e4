import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { makeFolder } from './make-folder.ts';

let project: TempProject;
beforeEach(() => (project = createTempProject({ file: 'text' })));
afterEach(() => project.remove());

it('makes what is missing, and leaves what is there', () => {
  const folder = join(project.root, 'a/b/c');
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
  makeFolder(folder);
  makeFolder('/');
});

it('says where a file is in the way', () => {
  expect(() => makeFolder(join(project.root, 'file/a'))).toThrow(/ENOTDIR/);
  expect(() => makeFolder(join(project.root, 'file'))).toThrow(/EEXIST/);
});

it.runIf(existsSync('/proc/self'))('ends where a folder takes no others', () => {
  expect(() => makeFolder('/proc/perfkeel/a')).toThrow(/ENOENT/);
});
