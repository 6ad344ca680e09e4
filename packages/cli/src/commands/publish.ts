import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, PerfError, messageOf, usageError } from '@perfkeel/core';
import { isNews, mergeCiReports, pullRequestMarker, renderPullRequest, type CiReport } from '@perfkeel/report';
import { fieldOf, readEvent, type EventFile } from '../ci/event.ts';
import { findPullRequests } from '../ci/find-pull-requests.ts';
import { githubApi, type GithubApi } from '../ci/github-api.ts';
import { gapReport } from '../ci/gap-report.ts';
import { readArtifact } from '../ci/read-artifact.ts';
import { stickComment, type RunStamp } from '../ci/sticky-comment.ts';
import { plain, type Io } from '../io.ts';

export interface PublishOptions {
  readonly from?: string;
  readonly event?: string;
  readonly comment?: string;
  readonly scope?: string;
  readonly strict?: boolean;
  readonly verbose?: boolean;
}

const moments = ['on-change', 'always'];

/**
 * `perfkeel publish`: renders what another job wrote once more and keeps one comment up to date. A failure is a warning:
 * whether the code is slower was decided elsewhere. Returns the exit code.
 */
export async function publishCommand(options: PublishOptions, io: Io): Promise<number> {
  const moment = options.comment ?? 'on-change';
  if (!moments.includes(moment)) {
    throw usageError(`--comment is ${JSON.stringify(moment)}, expected ${moments.join(' or ')}`, {
      code: 'bad-option',
      hint: 'Write --comment on-change.',
    });
  }
  try {
    const { lines, failed } = await publish(options, moment === 'always', io);
    for (const line of lines) io.stdout.write(`${plain(line)}\n`);
    return failed && options.strict ? ExitCode.CouldNotMeasure : ExitCode.Ok;
  } catch (error) {
    tell('nothing was published', error, io);
    return options.strict ? ExitCode.CouldNotMeasure : ExitCode.Ok;
  }
}

function tell(what: string, error: unknown, io: Io): void {
  const hint = error instanceof PerfError && error.hint !== undefined ? ` ${error.hint}` : '';
  const text = plain(`${what}: ${messageOf(error)}.${hint}`).replaceAll(/\s*[\r\n]+\s*/g, ' ');
  const github = io.env['GITHUB_ACTIONS'] === 'true';
  if (github) io.stdout.write(`::warning::${text.replaceAll('%', '%25')}\n`);
  else io.stderr.write(`warning  ${text}\n`);
}

interface Published {
  readonly lines: readonly string[];
  /** Whether there was nothing to publish but that nothing was measured. */
  readonly failed: boolean;
}

async function publish(options: PublishOptions, always: boolean, io: Io): Promise<Published> {
  const api = apiOf(io);
  const event = await readEvent(eventFile(options, io));
  // Before anything else is read: what the artifact says decides nothing about where it goes.
  const { repository, sha, pullRequests, why } = await findPullRequests(event, api);
  if (pullRequests.length === 0)
    return { lines: [`nothing to publish: ${why ?? 'there is no pull request'}`], failed: false };
  const lines: string[] = [];
  const read = await readReport(resolve(io.cwd, options.from ?? 'perf-out'));
  const report = asMeasured(read.report, sha);
  const body = renderPullRequest(report, { scope: options.scope });
  const create = read.error === undefined && (always || isNews(report));
  for (const pullRequest of pullRequests) {
    const marker = pullRequestMarker(options.scope);
    const stamp = stampOf(event, io);
    const done = await stickComment(api, { repository, pullRequest, marker, body, stamp, create });
    lines.push(`pull request ${pullRequest}: ${words[done]}`);
  }
  if (read.error !== undefined) tell('the run left no result that can be read', read.error, io);
  return { lines, failed: read.error !== undefined };
}

interface ReadReport {
  readonly report: CiReport;
  /** Why it is only the report of a gap. */
  readonly error?: unknown;
}

/**
 * What a run left. One that left nothing has a comment of an earlier commit corrected, which would go on saying what that
 * one measured. In words of our own: what is wrong with an artifact is told in the log, not on the pull request.
 */
async function readReport(folder: string): Promise<ReadReport> {
  try {
    return { report: mergeCiReports(await readArtifact(folder)) };
  } catch (error) {
    const words = 'this commit could not be measured: its run left no result that can be read, and its log says why';
    const cause = new PerfError(words, { code: 'no-result' });
    return { report: mergeCiReports([{ name: 'perf', report: gapReport('perf', cause) }]), error };
  }
}

/** @throws PerfError `bad-event` where there is none: without it nobody knows where to publish. */
function eventFile(options: PublishOptions, io: Io): string {
  const named = options.event === undefined ? io.env['GITHUB_EVENT_PATH'] : resolve(io.cwd, options.event);
  if (named !== undefined && existsSync(named)) return named;
  const what = named === undefined || named === '' ? 'GITHUB_EVENT_PATH is not set' : `there is no ${named}`;
  throw new PerfError(`nobody says what happened: ${what}`, {
    code: 'bad-event',
    hint: 'Pass the event of a workflow_run or pull_request: --event "$GITHUB_EVENT_PATH".',
  });
}

const words = {
  created: 'comment written',
  updated: 'comment updated',
  unchanged: 'the comment says this already',
  older: 'the comment is of a later run, and stays',
  'not-needed': 'nothing to say, and no comment there to correct',
} as const;

/** The commit as GitHub knows it stands above what the report says of itself. */
const asMeasured = (report: CiReport, sha: string): CiReport => ({
  ...report,
  head: { label: sha.slice(0, 7), sha },
});

function apiOf(io: Io): GithubApi {
  const token = io.env['GITHUB_TOKEN'] ?? '';
  if (token === '') {
    throw new PerfError('there is no GITHUB_TOKEN', {
      code: 'no-token',
      hint: 'Pass it to this step alone: env: { GITHUB_TOKEN: ${{ github.token }} }.',
    });
  }
  const url = io.env['GITHUB_API_URL'] ?? 'https://api.github.com';
  return githubApi({ url, graphql: io.env['GITHUB_GRAPHQL_URL'], token });
}

function stampOf(event: EventFile, io: Io): RunStamp {
  const number = (value: unknown): number => (Number.isSafeInteger(Number(value)) ? Number(value) : 0);
  return {
    run: number(fieldOf(event, 'workflow_run', 'id') ?? io.env['GITHUB_RUN_ID'] ?? 0),
    attempt: number(fieldOf(event, 'workflow_run', 'run_attempt') ?? io.env['GITHUB_RUN_ATTEMPT'] ?? 0),
  };
}
