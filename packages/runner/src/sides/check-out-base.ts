import type { ChosenBase } from './choose-base.ts';
import { bringDependencies, type Dependencies, type Places } from './dependencies.ts';
import type { Preparation } from './prepare-sides.ts';
import { withRetries, type OnRetry } from '../retry/with-retries.ts';
import { StepTimer } from './step-timer.ts';
import { addWorktree, type Worktree } from './worktree.ts';

/** Base in a folder of its own, with packages of its own. */
export interface Checkout {
  readonly worktree: Worktree;
  readonly places: Places;
  readonly dependencies: Dependencies;
  readonly spent: Pick<Preparation, 'checkoutMs' | 'dependenciesMs'>;
}

/** A partial clone fetches while it is checked out, and another git may hold a lock. */
const checkoutPauseMs = 500;

/**
 * Checks base out and gives it its packages; leaves nothing behind when that fails. Both may need a network: what can
 * pass is tried at most three times.
 */
export async function checkOutBase(
  { toplevel, sha, project }: ChosenBase,
  signal: AbortSignal,
  onRetry?: OnRetry,
): Promise<Checkout> {
  const timer = new StepTimer();
  const worktree = await withRetries(() => addWorktree(toplevel, sha, signal), {
    ...{ what: 'checking base out', pauseMs: checkoutPauseMs, signal, onRetry },
  });
  timer.end('checkoutMs');
  try {
    const places: Places = { head: toplevel, base: worktree.root, project };
    const dependencies = await bringDependencies(places, signal, onRetry);
    timer.end('dependenciesMs');
    return { worktree, places, dependencies, spent: timer.spent() };
  } catch (error) {
    await worktree.remove();
    throw error;
  }
}
