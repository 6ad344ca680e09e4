import fc, { type IRawProperty, type Parameters } from 'fast-check';

/**
 * What tests get for `fast-check` (vitest.config.ts): the same cases in every run, so that the verdict on a change is no
 * draw. `npm run test:fuzz` draws new ones for PERFKEEL_FUZZ seconds per property: docs/decisions/0014.
 */
const seconds = Number(process.env['PERFKEEL_FUZZ'] ?? 0);

function assert<Ts>(property: IRawProperty<Ts>, parameters?: Parameters<Ts>): Promise<void> | void {
  return seconds > 0
    ? again(property, parameters, performance.now() + seconds * 1000)
    : fc.assert(property, { seed: 20, ...parameters });
}

/** In turns of the usual length instead of one long one, in which fast-check would draw ever fewer extreme values. */
function again<Ts>(property: IRawProperty<Ts>, parameters: Parameters<Ts> | undefined, until: number) {
  do {
    const turn: unknown = fc.assert(property, parameters);
    if (turn instanceof Promise) return turn.then(() => restOf(property, parameters, until));
  } while (performance.now() < until);
  return undefined;
}

async function restOf<Ts>(property: IRawProperty<Ts>, parameters: Parameters<Ts> | undefined, until: number) {
  while (performance.now() < until) await fc.assert(property, parameters);
}

export * from 'fast-check';
export default { ...fc, assert };
