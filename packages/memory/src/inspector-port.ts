import type { TargetSpec } from '@perfkeel/core';

const option = 'NODE_OPTIONS';

/**
 * Lets a target open its inspector, when it is asked to, on a free port: several may be asked at once on one machine, and
 * each would want port 9229. Only where the system tells which port a process has.
 */
export function withPortForInspector(
  target: TargetSpec,
  platform: string = process.platform,
  outside: string | undefined = process.env[option],
): TargetSpec {
  if (target.kind !== 'command' || platform !== 'linux') return target;
  const options = target.env[option] ?? outside ?? '';
  if (options.includes('--inspect')) return target;
  return { ...target, env: { ...target.env, [option]: `${options} --inspect-port=0`.trim() } };
}
