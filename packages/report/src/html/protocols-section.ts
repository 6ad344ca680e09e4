import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { viewProtocols, type ProtocolView } from '../view/protocol-view.ts';
import { columns as columnsOf, table } from './table.ts';

/** Implementations of a protocol, ranked: quality beside speed. */
export function protocolsSection({ run }: Report): Markup {
  const protocols = viewProtocols(viewBenchmarks(run));
  if (protocols.length === 0) return nothing;
  return el('section', {}, el('h2', {}, text('Protocols')), ...protocols.map(protocolTable));
}

function protocolTable({ name, columns, order, rows }: ProtocolView): Markup {
  return el(
    'div',
    {},
    el('h3', {}, text(name)),
    el('p', {}, text(`${order}.`.replace(/^./, (letter) => letter.toUpperCase()))),
    table(
      columnsOf('implementation', 'rank#', ...columns.map((column) => `${column}#`), 'remark'),
      rows.map(({ implementation, rank, cells, unranked }) => [
        text(implementation),
        text(rank ?? ''),
        ...cells.map((cell) => text(cell)),
        text(unranked === undefined ? '' : `not ranked: ${unranked}`),
      ]),
    ),
  );
}
