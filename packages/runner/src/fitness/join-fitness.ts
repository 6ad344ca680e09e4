import type { Finding, FindingStatus, Fitness, Warning } from '@perfkeel/core';

const order: readonly FindingStatus[] = ['ok', 'note', 'unfit'];
const badness = ({ status }: Finding): number => order.indexOf(status);

/** The worse of two looks at one machine, finding by finding: before a run and after it. */
export function joinFitness(before: Fitness, after: Fitness): Fitness {
  const later = new Map(after.findings.map((found) => [found.id, found]));
  const known = new Set(before.findings.map(({ id }) => id));
  const findings = before.findings.map((found) => {
    const other = later.get(found.id);
    return other !== undefined && badness(other) > badness(found) ? other : found;
  });
  const change = before.smallestChange ?? after.smallestChange;
  return {
    fit: before.fit && after.fit,
    ...(change === undefined ? {} : { smallestChange: change }),
    findings: [...findings, ...after.findings.filter(({ id }) => !known.has(id))],
  };
}

/** What an unfit machine forbids. A fit one forbids nothing. @param when such as `when the run began` */
export function fitnessWarnings({ fit, findings }: Fitness, when: string): Warning[] {
  if (fit) return [];
  const reasons = findings.filter(({ status }) => status === 'unfit').map(reasonOf);
  return [{ code: 'unfit-machine', message: `the machine was unfit ${when}: ${reasons.join('; ')}`, forbids: 'fail' }];
}

const reasonOf = ({ title, value }: Finding): string => `${title.charAt(0).toLowerCase()}${title.slice(1)}: ${value}`;
