import { fieldOf } from './event.ts';
import type { GithubApi } from './github-api.ts';

/** Which run a comment is of: a later one replaces an earlier one, never the other way round. */
export interface RunStamp {
  readonly run: number;
  readonly attempt: number;
}

export interface StickyComment {
  readonly repository: string;
  readonly pullRequest: number;
  /** The first line of the comment, by which it is found again. */
  readonly marker: string;
  /** The text, which begins with the marker. */
  readonly body: string;
  readonly stamp: RunStamp;
  /** Whether to write one where there is none yet. */
  readonly create: boolean;
}

/** What was done. */
export type Stuck = 'created' | 'updated' | 'unchanged' | 'older' | 'not-needed';

interface Own {
  readonly id: number;
  readonly body: string;
}

/**
 * Keeps exactly one comment of a kind on a pull request. Only comments of the token's own account count, whatever
 * marker others write into theirs. Where two jobs have each written one, the older comment stays and the other goes.
 */
export async function stickComment(api: GithubApi, comment: StickyComment): Promise<Stuck> {
  const viewer = await api.viewer();
  const body = stamped(comment);
  const [first, ...others] = await ownComments(api, comment, viewer);
  if (first) {
    await removeAll(api, comment, others);
    if (isOlder(comment.stamp, stampOf(first.body))) return 'older';
    if (first.body === body) return 'unchanged';
    await api.send('PATCH', `${commentsOf(comment)}/${first.id}`, { body });
    return 'updated';
  }
  if (!comment.create) return 'not-needed';
  await api.send('POST', `/repos/${comment.repository}/issues/${comment.pullRequest}/comments`, { body });
  return await settle(api, comment, viewer, body);
}

/** Another job may have written one at the same moment; both see both, and both keep the same one. */
async function settle(api: GithubApi, comment: StickyComment, viewer: string, body: string): Promise<Stuck> {
  const [first, ...others] = await ownComments(api, comment, viewer);
  if (!first || others.length === 0) return 'created';
  await removeAll(api, comment, others);
  if (first.body === body || isOlder(comment.stamp, stampOf(first.body))) return 'created';
  await api.send('PATCH', `${commentsOf(comment)}/${first.id}`, { body });
  return 'updated';
}

const commentsOf = ({ repository }: StickyComment): string => `/repos/${repository}/issues/comments`;

async function ownComments(api: GithubApi, comment: StickyComment, viewer: string): Promise<readonly Own[]> {
  const all = await api.list(`/repos/${comment.repository}/issues/${comment.pullRequest}/comments`);
  return all
    .filter((each) => fieldOf(each, 'user', 'login') === viewer)
    .map((each) => ({ id: Number(fieldOf(each, 'id')), body: String(fieldOf(each, 'body')) }))
    .filter(({ id, body }) => Number.isSafeInteger(id) && body.startsWith(comment.marker))
    .sort((a, b) => a.id - b.id);
}

/** A comment that has gone already is what was wanted. */
async function removeAll(api: GithubApi, comment: StickyComment, comments: readonly Own[]): Promise<void> {
  for (const { id } of comments) {
    await api.send('DELETE', `${commentsOf(comment)}/${id}`).catch(() => undefined);
  }
}

function stamped({ body, marker, stamp }: StickyComment): string {
  const rest = body.startsWith(marker) ? body.slice(marker.length) : `\n\n${body}`;
  return `${marker}\n<!-- perfkeel-run:${stamp.run}.${stamp.attempt} -->${rest}`.trimEnd();
}

function stampOf(body: string): RunStamp {
  const [, run, attempt] = /^[^\n]*\r?\n<!-- perfkeel-run:(\d+)\.(\d+) -->/.exec(body) ?? [];
  return { run: Number(run ?? 0), attempt: Number(attempt ?? 0) };
}

const isOlder = (a: RunStamp, b: RunStamp): boolean => a.run < b.run || (a.run === b.run && a.attempt < b.attempt);
