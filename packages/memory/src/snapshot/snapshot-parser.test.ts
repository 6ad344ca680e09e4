import { describe, expect, it } from 'vitest';
import { parse } from '../../test/heap/parse.ts';
import { snapshotText } from '../../test/heap/snapshot-text.ts';

const text = snapshotText([
  { type: 'synthetic', name: '', edges: [{ type: 'element', name: 1, to: 1 }] },
  { name: 'Größe 漢字 🎉', size: 48, edges: [{ name: 'quote " and \\ and \n', to: 2 }] },
  { type: 'string', name: 'pair in WeakMap (table @', size: 5_000_000_000 },
]);

const seen = (graph: ReturnType<typeof parse>) => ({
  nodes: Array.from({ length: graph.nodeCount }, (_, n) => [
    graph.type(n),
    graph.name(n),
    graph.id(n),
    graph.selfSize(n),
    [...graph.edges(n)].map(({ type, name, to }) => [type, name, to]),
  ]),
  locations: [...graph.columns.locations],
  found: [...graph.columns.strings.containing('pair in WeakMap (table @')].map((i) => graph.columns.strings.get(i)),
});

describe('SnapshotParser', () => {
  const expected = {
    nodes: [
      ['synthetic', '', 1, 0, [['element', '1', 1]]],
      ['object', 'Größe 漢字 🎉', 3, 48, [['property', 'quote " and \\ and \n', 2]]],
      ['string', 'pair in WeakMap (table @', 5, 5_000_000_000, []],
    ],
    locations: [0, 1, 2, 3],
    found: ['pair in WeakMap (table @'],
  };

  it.each([1, 2, 3, 5, 7, 64, 1000, Infinity])('reads the same from pieces of %s bytes', (pieces) => {
    expect(seen(parse(text, pieces))).toEqual(expected);
  });

  it('reads the same whichever byte is the last of the first piece', () => {
    const bytes = Buffer.from(text);
    const written = JSON.stringify(expected);
    for (let cut = 1; cut < bytes.length; cut++) {
      if (JSON.stringify(seen(parse(bytes, cut))) !== written) expect.fail(`read otherwise when cut at ${cut}`);
    }
  });

  it('refuses every beginning of a snapshot as cut off', () => {
    const bytes = Buffer.from(text);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(() => parse(bytes.subarray(0, cut)), `cut at ${cut}`).toThrow(/cut off after/);
    }
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['text', 'hello', 'begins with "h"'],
    ['a list', '[1,2]', 'begins with "["'],
    ['another object', '{"name":"x"}', 'begins with "name"'],
    ['a processor profile', '{"nodes":[{"id":1}]}', 'begins with "nodes"'],
    ['a header of something else', '{"snapshot":{"a":1}}', 'describes no fields'],
    ['a header that is no JSON', '{"snapshot":{a}}', 'header is not JSON'],
    ['letters among numbers', text.replace('"nodes":[7', '"nodes":[x7'), 'stands among its nodes'],
    ['a negative number', text.replace('"nodes":[7', '"nodes":[-7'), 'stands among its nodes'],
    ['two commas', text.replace('"nodes":[7,', '"nodes":[7,,'), 'stands among its nodes'],
    ['a row too short', text.replace('"nodes":[7,', '"nodes":['), 'in the middle of an entry'],
    ['fewer nodes', text.replace('"node_count":3', '"node_count":4'), 'announces 4 nodes and holds 3'],
    ['more nodes', text.replace('"node_count":3', '"node_count":2'), 'more than the 2 nodes'],
    ['no nodes', text.replace('"node_count":3', '"node_count":0'), 'has no nodes'],
    ['impossible numbers', text.replace('"edge_count":2', '"edge_count":9e15'), 'more than memory can hold'],
    ['an edge to nowhere', text.replace(/"edges":\[1,1,5/, '"edges":[1,1,500'), 'leads to no node'],
    ['an edge between nodes', text.replace(/"edges":\[1,1,5/, '"edges":[1,1,6'), 'leads to no node'],
    ['missing strings', text.replace(/"strings":.*$/s, '"strings":[""]}'), 'has 1 strings, and names number'],
    ['numbers among strings', text.replace('"strings":[""', '"strings":[7,""'), 'something else than text'],
    ['no strings', `${text.slice(0, text.indexOf(',\n"strings"'))}}`, 'no nodes, edges or strings'],
    ['more after the end', `${text}{`, 'follows after its end'],
  ])('refuses %s', (_, broken, message) => {
    expect(() => parse(broken)).toThrow(message);
  });
});
