import { units } from '@perfkeel/core';

/** A text about something that several commands share. */
export interface HelpTopic {
  readonly name: string;
  readonly title: string;
  readonly text: () => string;
}

const objectives = (): string => `Objectives: what a benchmark promises

  objectives: ['p99 < 200ms', 'errors < 0.1%', 'throughput >= 99/s']

An objective is a sentence: what, how it compares, and a limit with its unit.

  p99 < 200ms                       a quantile: p50, p99, p99.9; also min, median, mean, max
                                    (bench times batches: only min, median, mean)
  p99 of service-time < 50ms        of another metric that the benchmark measures
  p99 of checkout.response-time < 1s   of a named request or a named stage of load
  errors < 0.1%   errors = 0        the share of work that failed
  throughput >= 99/s                what was completed a second
  capacity >= 400/s                 of capacity: the highest rate that keeps its conditions
  growth < 64B/op                   of leak: memory kept by each iteration
  heap < 64MB   max-rss < 256MB     memory, with memory: true or with promises about it

An objective is missed only when the interval of the value lies beyond the limit,
and kept only when it lies within it. Between them the answer is inconclusive, and
the report says what would decide. p99 needs at least 299 samples.
perf.config's tolerance says from where on a miss warns, and from where on it fails.`;

const unitsText = (): string => `Units: how quantities are written

  durations   500ns  20us  1.5ms  2s  5m  1h
  sizes       64B  10KB  512MB  2GB   and in powers of two: 64KiB  512MiB
  rates       100/s  6000/m  10/h
  shares      0.1%  5%
  growth      64B/op  1MB/h

A limit without its unit is an error of the compiler, and at run time one that is
shown at your own line. In run.json everything is in base units:
${units.join(', ')}. A ratio is a share: 0.01 is 1 %.`;

const exitCodes = (): string => `Exit codes: what a command says to a script

  0    pass, or a warning
  1    an objective was missed, or a comparison found a regression
  2    wrong usage, declaration or configuration: nothing was measured
  3    inconclusive: the measurements cannot decide, and the report says what would
  4    could not measure: a target down, a benchmark that threw, nothing ran
  130  interrupted; what had been measured is kept: perfkeel resume

Where several hold, 4 comes before 2, 1, 3 and 0. With --strict, warnings and
inconclusive results are 1 as well. That nothing ran is never a pass.`;

const environment = (): string => `Environment variables

  NO_COLOR             no colours, whatever its value
  FORCE_COLOR=1        colours where no terminal is seen; NO_COLOR is stronger
  TERM=dumb            plain characters, no colours, no redrawn lines
  PERFKEEL_ASCII=1     plain characters: the same as --ascii
  LC_ALL, LC_CTYPE, LANG   plain characters when they name no UTF-8
  CI                   lines with the time instead of a display that is redrawn
  GITHUB_ACTIONS       marks the lines of what failed, and folds the lines of progress
  PERFKEEL_SHORT=1     the same as run --short: a rehearsal
  PERFKEEL_EXAMINE=0   run does not look whether the machine is fit
  PERFKEEL_CONDITIONS  export conditions for bundling, separated by commas`;

const config = (): string => `Configuration: perf.config.ts, in the folder of a project

  import { defineConfig } from 'perfkeel';

  export default defineConfig({
    name: 'orders',                    // in reports; default: as package.json says
    include: ['**/*.perf.ts'],         // perf files; exclude leaves some out
    store: '.perf',                    // or git:origin, postgres://..., s3://...
    tolerance: { warn: '0%', fail: '0%' },   // how far past its limit an objective may be
    compare: {
      against: 'main',                 // when no baseline is named
      warn: '5%', fail: '10%',         // the smallest change that matters, and that fails
      rules: [{ benchmark: 'import *', warn: '10%' }],
    },
    roundTimeout: '5m',                // beyond its own plan; a fifteenth to read a perf file
  });

Everything has a default, and so has the file itself. It is looked for in the folder
of -C and above it, up to the nearest package.json. perfkeel init writes one.`;

const comparing = (): string => `Comparing: is it slower?

  perfkeel compare --against main    measures this working tree and the commit where it
                                     left main, in turns, on this machine, now
  perfkeel baseline set main         names the newest run,
  perfkeel run --against main        so that later runs are held against it
  perfkeel compare <base> <head>     two stored runs
  perfkeel trend                     all stored runs: where a level changed

A change is called one only when its interval lies beyond what counts as a change
(perf.config, compare: 5 % warns, 10 % fails). Per cent are of base, of shares such as
errors too: 5 % of a share of 2 % is 0.1 points. Where base is next to nothing (less than
1 %, 16 B/op, 1 KB, one a second) they are of that much, and the change is told by its
size: +3 points, +56 B/op. accept --max means the same, and takes such sizes as well.

The unit is the round, a fresh
process: samples inside one process are not independent. Stored runs compare only on
one kind of machine; --against with a branch needs none, and sees the smallest changes.`;

const noise = (): string => `Noise: when figures move by themselves

  perfkeel doctor       says whether this machine is fit, and the smallest change that
                        it can show
  perfkeel run          looks by itself, before, during and after: on an unfit machine a
                        missed time is inconclusive and not failed; a pass stays one

What helps, the strongest first: nothing else running; compare --against, which
measures both sides in turns; more rounds (--rounds 16); a fixed frequency of the
processor; a longer load. --calibrate also measures what is identical on both sides:
what differs then is noise. Running again until it is green proves nothing.`;

const kinds = (): string => `Kinds of benchmarks, and the noun that declares each

  bench        a tight loop: bench('parse', () => parse(text))
  latency      one timed operation after another: latency('read', { run: () => db.get(1) })
  load         arrivals over HTTP or calls of a function, open (rate) or closed (clients)
  capacity     the highest rate that keeps conditions
  leak         whether memory grows, and the smallest growth that would have been seen
  startup      a process, from its first instruction until it is ready
  concurrency  invariants of what many use at once, such as noLostUpdates()
  mcp          a server of the Model Context Protocol: times, throughput, tokens
  tokens       what such a server saves a model to read: tokenReduction('review', ...)
  llm          a server of language models: the first token, and how fast others follow

protocol declares one contract and many implementations, of the kinds that measure it.

perfkeel run --kind load measures only some. perfkeel load, capacity, leak and startup
measure one without a file; --write FILE makes a declaration of it.`;

const reporters = (): string => `Reporters: outputs of one run

  perfkeel run --reporter terminal,html=report.html,junit=perf.xml

  terminal   the screen, in the colours and characters that the output can show
  plain      the same, without colours, in ASCII
  ndjson     one event a line while it measures, at last the fate of every objective
  json       the run with everything measured, for programs
  markdown   for a pull request or the summary of a job
  html       one page that needs nothing else
  junit      for CI
  github     ::error file=,line=:: commands, which mark lines of a pull request

Each may have =FILE behind it, relative to the current folder. Of ndjson, json, markdown,
html and junit one may go to stdout, and then alone. The default is terminal, on GitHub with
github.`;

/** Everything that `perfkeel help <topic>` knows. */
export const helpTopics: readonly HelpTopic[] = [
  { name: 'objectives', title: 'what a benchmark can promise', text: objectives },
  { name: 'units', title: 'how quantities are written', text: unitsText },
  { name: 'kinds', title: 'what can be measured', text: kinds },
  { name: 'comparing', title: 'is it slower than before?', text: comparing },
  { name: 'noise', title: 'when figures move by themselves', text: noise },
  { name: 'reporters', title: 'outputs of one run', text: reporters },
  { name: 'config', title: 'perf.config.ts', text: config },
  { name: 'environment', title: 'environment variables', text: environment },
  { name: 'exit-codes', title: 'what a command says to a script', text: exitCodes },
];
