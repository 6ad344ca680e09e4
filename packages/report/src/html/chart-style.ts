/** The style of drawings: every colour is a class, so that light, dark and paper each have their own. */
export const chartStyle = `svg { display: block; height: auto; max-width: 100%; }
th svg, td svg { max-width: none; }
.plot { overflow-x: auto; position: relative; } .plot > svg { min-width: 560px; } .plot > .value-column { display: none; }
@media screen and (max-width: 583px) { .plot { display: grid; grid-template-columns: 560px; } .plot > svg { grid-area: 1 / 1; width: 560px; }
  .plot > .value-column { display: block; position: sticky; left: 0; justify-self: left; width: 56px; min-width: 0; } }
.behind { fill: var(--back); } .legend text { paint-order: stroke; stroke: var(--back); stroke-width: 4px; } svg text, .axis text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
svg .figure-text { fill: var(--ink); }
.grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke-width: 1.75; stroke: currentColor; } .dots { fill: currentColor; stroke: none; }
.bar { fill: currentColor; } .swatch { stroke: currentColor; stroke-width: 10; }
.s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); }
.s3 { color: var(--s3); } .s4 { color: var(--s4); } .s5 { color: var(--s5); }
.line.s1 { stroke-dasharray: 7 3; } .line.s2 { stroke-dasharray: 2 2; } .line.s3 { stroke-dasharray: 9 3 2 3; }
.line.s4 { stroke-dasharray: 4 4; } .line.s5 { stroke-dasharray: 1 3; }
.dots circle { stroke: none; }
.line.intended { stroke: var(--quiet); stroke-width: 1.25; stroke-dasharray: 3 4; } .line.shift { stroke: var(--round); }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; } .unanswered { stroke-dasharray: 2 4; } .round { fill: none; stroke: var(--round); stroke-width: 1; }
.corner path { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-dasharray: 5 3; }
.corner text { fill: currentColor; paint-order: stroke; stroke: var(--back); stroke-width: 4px; }
.forbidden { fill: currentColor; opacity: 0.07; }
.points circle { fill: var(--accent); fill-opacity: 0.75; } .trend { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 6 4; }
.slope-band { fill: var(--accent); opacity: 0.14; stroke: none; }
.heat { stroke: none; }
.h0 { fill: var(--h0); } .h1 { fill: var(--h1); } .h2 { fill: var(--h2); } .h3 { fill: var(--h3); }
.h4 { fill: var(--h4); } .h5 { fill: var(--h5); } .h6 { fill: var(--h6); } .h7 { fill: var(--h7); }
.event line { stroke: var(--open); stroke-width: 1.25; stroke-dasharray: 2 3; }
.event text { fill: var(--open); paint-order: stroke; stroke: var(--back); stroke-width: 4px; }
.worse .event line { stroke: var(--bad); } .worse .event text { fill: var(--bad); }
.better .event line { stroke: var(--good); } .better .event text { fill: var(--good); }
.regime { stroke: var(--ink); stroke-width: 2; fill: none; } .next { stroke: var(--quiet); stroke-width: 3; opacity: 0.6; }
.promise line { stroke: var(--bad); stroke-width: 1.25; stroke-dasharray: 5 3; } .promise text { fill: var(--bad); }
.sustained { fill: var(--good); opacity: 0.09; }
.capacity line { stroke: var(--good); stroke-width: 1.5; } .capacity .span { stroke-width: 5; opacity: 0.5; } .capacity text { fill: var(--good); }
.zone, .room { fill: var(--zone); } .zero { stroke: var(--quiet); stroke-width: 1; } .limit { stroke: var(--ink); stroke-width: 2; }
.reach, .interval { stroke: currentColor; stroke-width: 2; } .value, .effect { fill: currentColor; }
.cursor { stroke: var(--ink); stroke-width: 1; pointer-events: none; opacity: 0.6; }
.readout { display: block; min-height: 1.5em; font-size: 13px; font-variant-numeric: tabular-nums; }
svg:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.regressed { color: var(--bad); } .improved { color: var(--good); } .unchanged, .identical, .accepted { color: var(--quiet); }
`;
