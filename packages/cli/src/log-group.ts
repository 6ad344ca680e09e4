import { oneLine, type Io } from './io.ts';

/** Lines of a log that a host folds into one. */
export interface LogGroup {
  /** Once: what was opened is not opened again. */
  open(title: string): void;
  /** What others have written between its lines. */
  wrote(text: string): void;
  /** The same twice as once. */
  close(): void;
}

const none: LogGroup = { open: () => undefined, wrote: () => undefined, close: () => undefined };

/**
 * Folds what is written to stderr in logs of GitHub, which knows no group within a group: a task of Nx is one already. A
 * process that ends meanwhile closes it.
 */
export const createLogGroup = ({ env, stderr }: Pick<Io, 'env' | 'stderr'>): LogGroup =>
  env['GITHUB_ACTIONS'] === 'true' && env['NX_TASK_TARGET_PROJECT'] === undefined ? folded(stderr) : none;

function folded(stderr: Io['stderr']): LogGroup {
  let state: 'new' | 'open' | 'closed' = 'new';
  let rest = '';
  const close = (): void => {
    process.off('exit', close);
    // A command stands at the beginning of a line.
    if (state === 'open') stderr.write(`${rest === '' ? '' : '\n'}::endgroup::\n`);
    state = 'closed';
  };
  return {
    open: (title) => {
      if (state !== 'new') return;
      stderr.write(`::group::${oneLine(title).replaceAll('%', '%25')}\n`);
      process.once('exit', close);
      state = 'open';
    },
    wrote: (text) => {
      if (text !== '') rest = text.endsWith('\n') ? '' : text.slice(-1);
    },
    close,
  };
}
