import { styleSheet } from '../html/style.ts';

/**
 * The style sheet of reports, and what only a dashboard has. A box that is written from the right begins at its right end;
 * what it holds is written as everything else, and stays at the left where there is room to spare.
 */
export const dashboardStyle = `${styleSheet}nav { font-size: 13px; color: var(--quiet); margin: 0 0 14px; } nav a { margin-right: 2px; }
.sub { color: var(--quiet); margin: 2px 0 0; } .day { white-space: nowrap; }
.worse { color: var(--bad); } .better { color: var(--good); } .neither { color: var(--quiet); }
.tag { font-size: 12px; padding: 0 7px; border: 1px solid currentColor; border-radius: 9px; white-space: nowrap; display: inline-block; }
.points.small circle { fill-opacity: 0.55; }
.plot.from-end { direction: rtl; } .plot.from-end > svg { direction: ltr; margin-right: auto; }
.spark path { fill: none; stroke: var(--accent); stroke-width: 1.25; } .spark circle { fill: var(--ink); }
table.series td, table.series th { vertical-align: top; } table.series svg { margin-top: 2px; } table.series th { min-width: 11em; } thead th { overflow-wrap: normal; }
table.series thead th { min-width: 0; white-space: nowrap; }
table.series th div { font-weight: 400; color: var(--quiet); font-size: 13px; min-width: 0; }
.find { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; margin: 12px 0; }
.find input[type=search] { font: inherit; padding: 5px 10px; width: 22em; max-width: 100%; border: 1px solid var(--quiet); border-radius: 4px; background: var(--back); color: var(--ink); }
.band { fill: var(--accent); opacity: 0.1; stroke: none; }
.notes { padding-left: 20px; } .notes li { margin: 3px 0; } .notes .worse, .notes .better { font-weight: 500; }
tr[hidden] { display: none; }
@media (max-width: 600px) { table.series th { min-width: 7em; } table.series .whole { white-space: normal; } td div { min-width: 14em; }
  table.series td div { min-width: 0; } table.series td:nth-child(4), table.series thead th:nth-child(4) { display: none; } }
`;
