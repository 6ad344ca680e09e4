import { describe, expect, it } from 'vitest';
import { readDocument } from './library.ts';
import { Registry, artifactPath, problemsOf } from './registry.ts';

const registry = async () => new Registry(await readDocument('tasks'), await readDocument('ids'));

describe('the registry', () => {
  it('hands out open tasks in their order, and begins again', async () => {
    const tasks = await registry();
    const taken = Array.from({ length: 26 }, () => tasks.nextTask()?.id);
    expect(taken.slice(0, 2)).toEqual(['TASK-006', 'TASK-007']);
    expect(taken[25]).toBe('TASK-006');
    expect(tasks.nextTask()).toEqual({
      ...{ id: 'TASK-007', state: 'open', task: 'The list of orders has an upper limit and a next page' },
      readBefore: 'patterns/validation/limits',
    });
  });

  it('reserves ranges behind those that were given', async () => {
    const ids = await registry();
    expect([ids.reserve('US', 3), ids.reserve('US', 1), ids.reserve('NEW', 2)]).toEqual([
      { from: 64, to: 66 },
      { from: 67, to: 67 },
      { from: 1, to: 2 },
    ]);
  });
});

describe('an artifact', () => {
  it('has a path and a template, or no id', () => {
    expect(artifactPath('US-017')).toEqual({ path: 'artifacts/us/US-017.md', template: 'docs://templates/story' });
    for (const id of ['us-017', 'US-1', 'XX-017', '../US-017', 'US-017/..']) {
      expect(() => artifactPath(id)).toThrow('is not an id such as US-017');
    }
  });

  it('is held against its template', async () => {
    const template = await readDocument('templates/decision');
    expect(problemsOf(template, template)).toEqual([]);
    expect(problemsOf('# x\n\n## Context\n\ntrue\n\n## Decision\n\n## Options\n\nnone\n', template)).toEqual([
      'decision is empty',
      'consequences is missing',
    ]);
  });
});
