import type { Report } from '@perfkeel/core';
import { buildRun } from './build-run.ts';
import { load } from './drafts.ts';
import { comparison } from './fixtures.ts';

/** What a name, an error or a commit message may try, by whom it is aimed at. */
export const attacks = {
  html: '"><script>alert(1)</script><img src=x onerror="alert(2)"><style>*{display:none}</style></title></svg>',
  markdown: '](javascript:alert(1)) ![x](http://evil.test/x.png) <details> | a | b |\n# heading\n```\n@everyone #1',
  ansi: '\u001b[2J\u001b[31mred\u001b]0;title\u0007\u001b]8;;http://evil.test\u0007link\u009b1m\u202eevil\r\u0008',
  github: 'x\n::error file=a.ts,line=1::forged\n::set-output name=token::1\r\n::add-mask::x%0A::stop-commands::y',
} as const;

/** A report in which every text from outside is such. */
export const attackedReport = (text: string): Required<Report> => {
  const error = { code: 'threw', message: text, hint: text, exitCode: 4 as const };
  const base = load(text, ['p99 < 1ms', 'errors < 0.1%'], { requests: 200, errors: 20 });
  const warnings = [{ code: 'failed-requests', message: text }];
  const points = [1, 2, 3].map((at) => [at * 1e9, at] as const);
  const run = buildRun(
    [
      {
        ...base,
        group: text,
        metrics: base.metrics!.map((metric) => ({ ...metric, formula: text })),
        measure: (round) => [
          ...base.measure!(round).map((each) => ({ ...each, warnings })),
          { metric: 'throughput', data: { kind: 'series', points, marks: [{ at: 2e9, label: text }] } },
        ],
      },
      { id: `${text} 2`, group: text, failures: [{ round: 0, error }] },
    ],
    {
      provenance: { project: text, branch: text, tool: text },
      environment: { cpu: text, host: text, warnings: [{ code: 'x', message: text }] },
    },
  );
  const { comparisons, ...sides } = comparison();
  const side = { id: text, label: text, why: text, passedOver: [text] };
  const compared = comparisons.map((each) => ({ ...each, benchmark: text }));
  return {
    run,
    comparison: {
      ...sides,
      method: 'stored',
      base: side,
      head: side,
      comparisons: compared,
      reproduce: text,
      warnings,
    },
  };
};
