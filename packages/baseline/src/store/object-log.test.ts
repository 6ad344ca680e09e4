import { describe, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { folderLog } from './folder-log.ts';
import { memoryLog } from './memory-log.ts';
import { objectLogContract } from './object-log-contract.ts';

describe('folderLog', () => {
  it.each(objectLogContract)('$name', ({ run }) => run(async () => folderLog(await temporaryFolder())));
});

describe('folderLog of a folder that is not there yet', () => {
  it.each(objectLogContract)('$name', ({ run }) => run(async () => folderLog(`${await temporaryFolder()}/a/b`)));
});

describe('memoryLog', () => {
  it.each(objectLogContract)('$name', ({ run }) => run(() => Promise.resolve(memoryLog())));
});
