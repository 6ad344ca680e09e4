/** What other tools call an option of ours, in lower case. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  clients: ['vus', 'maxvus', 'virtualusers', 'users', 'connections', 'concurrency', 'threads'],
  for: ['duration', 'time', 'seconds', 'period', 'maxduration', 'testduration', 'holdfor'],
  rate: ['arrivalrate', 'rps', 'qps', 'requestspersecond', 'throughput', 'connectionrate', 'overallrate'],
  samples: ['iterations', 'runs', 'count', 'amount', 'n', 'repeat'],
  objectives: ['thresholds', 'threshold', 'assertions', 'checks', 'expectations', 'slo', 'slos', 'ensure', 'limits'],
  stages: ['phases', 'rampup', 'ramp', 'ramping', 'steps', 'scenarios'],
  warmup: ['warmuptime', 'rampuptime', 'graceperiod', 'startdelay'],
  think: ['sleep', 'thinktime', 'pacing', 'delay'],
  url: ['baseurl', 'host', 'origin', 'endpoint', 'server'],
  requests: ['request', 'path', 'method', 'headers', 'body', 'expect'],
  header: ['headers'],
  body: ['data', 'datafile', 'postdata'],
  insecure: ['skiptlsverify', 'insecureskiptlsverify', 'noverify'],
  run: ['fn', 'func', 'function', 'handler', 'exec', 'test'],
  setup: ['before', 'beforeall', 'beforeeach'],
  teardown: ['after', 'afterall', 'aftereach'],
  data: ['feeder', 'payload', 'csv', 'dataset'],
  objective: ['threshold', 'thresholds', 'assertion', 'ensure'],
  time: ['duration', 'minsamplestime', 'maxtime', 'mintime'],
};

/**
 * What an option of other tools is called here: `vus` is `clients`.
 *
 * @param known the options that there are
 * @returns `undefined` for a word that is nobody's
 */
export function ownWordFor(word: string, known: readonly string[]): string | undefined {
  const letters = word.toLowerCase().replaceAll(/[-_]/g, '');
  return known.find((own) => foreign[own]?.includes(letters) === true);
}
