import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from '../../../test/heap/parse.ts';
import { snapshotText } from '../../../test/heap/snapshot-text.ts';
import { placeOf } from './place.ts';

/** A variable in the scope of a function, inside of that of its module. */
function placeIn(script: string, variable: string) {
  const context = 'system / Context';
  const nodes = [
    { type: 'synthetic', edges: [{ to: 1, name: 'cycle' }] },
    {
      type: 'closure',
      edges: [
        { to: 2, name: 'context' },
        { to: 3, name: 'shared' },
      ],
    },
    {
      name: context,
      edges: [
        { to: 4, type: 'context', name: variable },
        { to: 5, name: 'previous' },
      ],
    },
    { type: 'code', edges: [{ to: 6, name: 'script' }] },
    { name: 'Map' },
    { name: context, edges: [{ to: 7, name: 'previous' }] },
    { type: 'code', edges: [{ to: 8, name: 'name' }] },
    { name: context },
    { type: 'string', name: script },
  ];
  const graph = parse(snapshotText(nodes));
  return placeOf(graph, [...graph.edges(2)].slice(0, 1));
}

const own = fileURLToPath(new URL('../../leak-round.ts', import.meta.url));

it.each([
  ['/nowhere/app.mjs', 'cache', 'a closure in /nowhere/app.mjs'],
  [own, 'state', 'perfkeel, as what setup gave back'],
  [own, 'samples', 'perfkeel itself'],
])('in %s, %s is kept by %s', (script, variable, keeper) => {
  expect(placeIn(script, variable)).toMatchObject({ expression: variable, keeper });
});
