import { formatNumber, formatQuantity } from '@perfkeel/core';
import { memberText, viewBenchmarks } from '../view/benchmark-view.ts';
import { allRows } from '../view/comparison-row.ts';
import { viewComponents } from '../view/component-view.ts';
import { environmentPairs, provenancePairs } from '../view/environment-words.ts';
import { describeMeasured, evidenceItems } from '../view/evidence.ts';
import { growthText, viewFamilies } from '../view/family-view.ts';
import { groupsBeside, standingText } from '../view/group-view.ts';
import { viewProtocols } from '../view/protocol-view.ts';
import { formatShare, quantileName } from '../view/words.ts';
import { escapeMarkdown } from './escape.ts';
import type { Section } from './sections.ts';
import { details, markdownTable } from './table.ts';

/** What every benchmark measured. */
export const measurementsDetail: Section = ({ run }, most) => {
  const measured = viewBenchmarks(run).filter(({ metrics }) => metrics.length > 0);
  if (measured.length === 0) return '';
  const rows = measured.map((view) => [
    escapeMarkdown(view.plan.id),
    escapeMarkdown(describeMeasured(view)),
    escapeMarkdown(evidenceItems(view).join(', '), 1000),
  ]);
  return details('Measurements', markdownTable(['benchmark', 'measured', 'figures'], rows, most));
};

/** Alternatives of one thing. */
export const groupsDetail: Section = ({ run }, most) => {
  const benchmarks = viewBenchmarks(run);
  const inProtocols = viewProtocols(benchmarks).flatMap(({ families }) => families);
  const tables = groupsBeside(benchmarks, inProtocols).map((group) => {
    const { name, label, members, bestWord } = group;
    const rows = members.map((member) => [
      escapeMarkdown(member.benchmark.plan.id),
      memberText(member, group),
      escapeMarkdown(standingText(member, group)),
    ]);
    const title = `**${escapeMarkdown(name)}**`;
    return `${title}\n\n${markdownTable(['alternative', `${escapeMarkdown(label)}#`, `change from the ${bestWord}`], rows, most)}`;
  });
  return tables.length === 0 ? '' : details('Side by side', tables.join('\n\n'));
};

/** Implementations of a protocol, ranked. */
export const protocolsDetail: Section = ({ run }, most) => {
  const tables = viewProtocols(viewBenchmarks(run)).map(({ name, columns, rows }) => {
    const heads = ['implementation', 'rank#', ...columns.map((column) => `${escapeMarkdown(column)}#`), ''];
    const cells = rows.map(({ implementation, rank, cells, unranked }) => [
      escapeMarkdown(implementation),
      rank === undefined ? '' : String(rank),
      ...cells.map((cell) => escapeMarkdown(cell)),
      unranked === undefined ? '' : escapeMarkdown(`not ranked: ${unranked}`),
    ]);
    return `**${escapeMarkdown(name)}**\n\n${markdownTable(heads, cells, most)}`;
  });
  return tables.length === 0 ? '' : details('Protocols', tables.join('\n\n'));
};

/** Where the time of operations goes. */
export const componentsDetail: Section = ({ run }, most) => {
  const tables = viewBenchmarks(run).flatMap((view) => {
    const components = viewComponents(view);
    if (!components) return [];
    const { metric, quantiles, rows } = components;
    const heads = ['component', 'median#', ...quantiles.map((q) => `share of ${quantileName(q)}#`)];
    const cells = rows.map(({ component, value, shares }) => [
      escapeMarkdown(component),
      value === undefined ? '' : formatQuantity(value, metric.unit),
      ...shares.map((share) => (share === undefined ? '' : formatShare(share))),
    ]);
    return [`**${escapeMarkdown(view.plan.id)}**\n\n${markdownTable(heads, cells, most)}`];
  });
  return tables.length === 0 ? '' : details('Where the time goes', tables.join('\n\n'));
};

/** One benchmark over several sizes. */
export const familiesDetail: Section = ({ run }, most) => {
  const tables = viewFamilies(viewBenchmarks(run)).map((family) => {
    const { name, parameter, label, members } = family;
    const rows = members.map((member) => [formatNumber(member.size), memberText(member, family)]);
    const heads = [`${escapeMarkdown(parameter)}#`, `${escapeMarkdown(label)}#`];
    return `**${escapeMarkdown(name)}** ${escapeMarkdown(growthText(family))}\n\n${markdownTable(heads, rows, most)}`;
  });
  return tables.length === 0 ? '' : details('Over sizes', tables.join('\n\n'));
};

/** All that was compared, with what did not change. */
export const comparedDetail: Section = ({ run, comparison }, most) => {
  const measured = comparison?.comparisons.filter(({ decision, head }) => decision !== 'identical' || head.length > 0);
  if (measured === undefined || measured.length === 0) return '';
  const rows = allRows(run, measured).map(({ label, base, head, change, word }) => [
    escapeMarkdown(label),
    base,
    head,
    escapeMarkdown(change),
    word,
  ]);
  return details('All that was compared', markdownTable(['benchmark', 'base#', 'head#', 'change', ''], rows, most));
};

/** The machine and the code. */
export const environmentDetail: Section = ({ run }) => {
  const doubts = run.environment.warnings.map(({ message }) => ['**doubt**', escapeMarkdown(message)]);
  const pairs = [...environmentPairs(run.environment), ...provenancePairs(run)];
  const rows = [...doubts, ...pairs.map(([name, value]) => [name, escapeMarkdown(value)])];
  return details('Environment', markdownTable(['', ''], rows));
};
