import type { ExplainedChange } from '@perfkeel/core';
import { text } from '../markup/markup.ts';
import type { DashboardFacts, DashboardPage } from './dashboard-series.ts';
import { causeWords, effectWords, isExcused, placeWords, quantityOf } from './series-words.ts';
import { uuidOf } from './site-paths.ts';
import type { Standing } from './standing.ts';

/** A change with what a list says of its series. */
export interface FeedChange {
  readonly change: ExplainedChange;
  readonly series: Pick<Standing, 'path' | 'project' | 'benchmark' | 'title' | 'environment' | 'unit'>;
}

/** Feeds are read from their newest entries on. */
export const mostEntries = 100;

export const newestFirst = (a: FeedChange, b: FeedChange): number =>
  a.change.at !== b.change.at
    ? a.change.at < b.change.at
      ? 1
      : -1
    : a.series.path < b.series.path
      ? -1
      : a.series.path > b.series.path
        ? 1
        : b.change.index - a.change.index;

/** `changes.xml`: the newest change points as an Atom feed (RFC 4287). Links are relative to the feed. */
export function changesFeed(facts: DashboardFacts, changes: readonly FeedChange[]): DashboardPage {
  const newest = [...facts.environments.map((each) => each.newest), ...changes.map(({ change }) => change.at)].sort();
  const entries = changes.slice(0, mostEntries).map((each) => entry(each, facts));
  return {
    path: 'changes.xml',
    text: `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${xml(facts.title)}: changes</title>
<id>urn:uuid:${uuidOf(JSON.stringify(['feed', facts.title]))}</id>
<updated>${time(newest.at(-1))}</updated>
<author><name>perfkeel</name></author>
<link rel="self" href="changes.xml"/>
<link href="index.html"/>
${entries.join('')}</feed>
`,
  };
}

function entry({ change, series }: FeedChange, { environments }: DashboardFacts): string {
  const machine = environments.find(({ id }) => id === series.environment)?.title ?? series.environment;
  const summary = [
    `${quantityOf(series, change.before)} to ${quantityOf(series, change.after)}`,
    `after ${placeWords(change.range.after)}, by ${placeWords(change.range.upTo)}`,
    `measured on ${machine}, project ${series.project}`,
    causeWords(change),
  ];
  return `<entry>
<title>${xml(`${kindOf(change)}: ${series.benchmark}, ${series.title} ${effectWords(change, series.unit)}`)}</title>
<id>urn:uuid:${uuidOf(JSON.stringify([series.path, change.run]))}</id>
<updated>${time(change.at)}</updated>
<link href="${xml(series.path)}"/>
<category term="${kindOf(change)}"/>
<summary>${xml(summary.filter(Boolean).join('; '))}</summary>
</entry>
`;
}

const kindOf = (change: ExplainedChange): string =>
  change.cause.kind === 'machine'
    ? 'machine'
    : isExcused(change)
      ? 'accepted'
      : change.news === 'neither'
        ? 'changed'
        : change.news;

/** XML 1.0 has no words for what `text` leaves of the specials. */
const xml = (value: string): string => text(value.replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd'));

/** What is not a time would make the feed unreadable. */
const time = (at: string | undefined): string =>
  at !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(at) ? at : '1970-01-01T00:00:00Z';

export const feedSeries = (standing: Standing): FeedChange['series'] => {
  const { path, project, benchmark, title, environment, unit } = standing;
  return { path, project, benchmark, title, environment, unit };
};
