/** Enough of the class of an environment to tell it from others: what other tools measured begins alike. */
export const shortEnvironment = (environment: string): string => {
  const [, start = ''] = /^(imported-)/.exec(environment) ?? [];
  return environment.slice(0, start.length + 8);
};
