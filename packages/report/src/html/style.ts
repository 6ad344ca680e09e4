import { chartStyle } from './chart-style.ts';

const lightColours = `--back: #ffffff; --panel: #f5f7f9; --ink: #1b1f24; --quiet: #57606a; --line: #d5dbe1;
  --good: #1a7f37; --bad: #c0252d; --open: #8a5a00; --accent: #0b5cad; --round: #9db8d2; --zone: #e6ebf0;
  --s0: #0b5cad; --s1: #b3540c; --s2: #1a7f37; --s3: #8a3ffc; --s4: #b0226f; --s5: #0b7285;
  --h0: #e3eef9; --h1: #c6def2; --h2: #a0c8e8; --h3: #74addb; --h4: #4a90cb; --h5: #2a72b5; --h6: #135596; --h7: #083a6e;`;

const darkColours = `--back: #121519; --panel: #1a1f25; --ink: #e4e8ed; --quiet: #9aa6b2; --line: #323a43;
    --good: #46c265; --bad: #ff7b72; --open: #e0ae3d; --accent: #6cb2ff; --round: #40566c; --zone: #262d35;
    --s0: #6cb2ff; --s1: #f0a35e; --s2: #46c265; --s3: #c4a1ff; --s4: #ff8cc6; --s5: #4fd1dd;
    --h0: #17293d; --h1: #1b3a59; --h2: #1f4d78; --h3: #266399; --h4: #387dbd; --h5: #5899d6; --h6: #85b9ea; --h7: #c0defa;`;

/** The whole style sheet of a report: light, dark and print, with system fonts and no address in it. */
export const styleSheet = `:root {
  color-scheme: light dark;
  ${lightColours}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    ${darkColours}
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 20px 48px; max-width: 1080px; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 18px; margin: 36px 0 10px; } h3 { font-size: 16px; margin: 26px 0 4px; }
a { color: var(--accent); } p { margin: 6px 0; }
code { font: 13px/1.5 ui-monospace, monospace; }
td code, .interval-text { white-space: nowrap; } td code.long { white-space: normal; }
table.pairs th { width: 14em; min-width: 0; } table.pairs td { overflow-wrap: anywhere; }
tbody th { min-width: 9em; } td { overflow-wrap: break-word; } td div { min-width: 10em; }
.quiet { color: var(--quiet); } .pass, .kept { color: var(--good); } .fail, .could-not-measure, .missed { color: var(--bad); }
.warn, .inconclusive, .open { color: var(--open); }
header { border-left: 6px solid currentColor; padding: 4px 0 4px 16px; }
header h1, header p { color: var(--ink); } header p.quiet { color: var(--quiet); }
.badge { display: inline-block; padding: 1px 10px; margin-right: 10px; border-radius: 4px; color: var(--back); }
.badge.pass { background: var(--good); } .badge.fail, .badge.could-not-measure { background: var(--bad); }
.badge.warn, .badge.inconclusive { background: var(--open); }
.note { border-left: 3px solid var(--open); padding: 2px 12px; margin: 8px 0; }
.failure, .advice { background: var(--panel); border-left: 3px solid var(--bad); padding: 8px 14px; margin: 10px 0; }
.advice.inconclusive { border-color: var(--open); } .advice, .advice h3 { color: var(--ink); } .advice h3 { margin: 0; }
.advice ul { margin: 4px 0; padding-left: 20px; } .advice h4 { margin: 6px 0 0; font-size: 13px; color: var(--quiet); font-weight: 500; }
.failure pre { white-space: pre-wrap; margin: 4px 0; font: 13px/1.5 ui-monospace, monospace; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } table.close { width: auto; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
thead th { color: var(--quiet); font-weight: 500; font-size: 13px; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .whole { white-space: nowrap; }
ul.figures { list-style: none; margin: 6px 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 24px; font-variant-numeric: tabular-nums; }
.figures span { color: var(--quiet); }
figure { margin: 14px 0 6px; max-width: 760px; } figcaption { color: var(--quiet); font-size: 13px; max-width: 720px; }
details { margin: 6px 0 0; } summary { cursor: pointer; color: var(--quiet); font-size: 13px; }
details table { width: auto; font-size: 13px; } details .scroll { max-height: 420px; overflow-y: auto; }
${chartStyle}@media (max-width: 600px) { body { padding: 16px 12px; } table.pairs th { width: 7em; } ul.figures { gap: 2px 14px; } }
@media print {
  body { max-width: none; padding: 0; font-size: 12px; }
  section, figure, tr, .failure, .advice { break-inside: avoid; }
  section.benchmark { break-inside: auto; }
  table { font-size: 11px; } th, td { padding-right: 8px; } tbody th, td div { min-width: 0; }
  td code, .interval-text { white-space: normal; } td > svg { width: 90px; }
  details .scroll { max-height: none; } .plot > svg { min-width: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
