import { describeValue, usageError } from '@perfkeel/core';
import type { DriverFactory } from '../driver.ts';
import type { PlannedDriver } from '../drivers/driver-choice.ts';
import { prepareUndici } from '../drivers/undici-driver.ts';
import { createHttpDriver } from '../http-driver.ts';
import type { LoadPlan } from '../load-plan.ts';
import { createArrivalSchedule } from '../profile/arrival-schedule.ts';
import { functionSender } from '../work/function-sender.ts';
import { httpSender } from '../work/http-sender.ts';
import { cycleOf } from '../work/request-source.ts';
import { retrySender } from '../work/retry-sender.ts';
import { templateOf } from '../work/request-template.ts';
import type { SenderFactory } from '../work/sender.ts';
import { stepsSender } from '../work/steps-sender.ts';
import { prepareAutocannon, type AutocannonEnd } from './autocannon-loop.ts';
import { closedLoop } from './closed-loop.ts';
import type { LoadRun, LoopEnd, StartLoop } from './load-run.ts';
import { openLoop } from './open-loop.ts';
import { startThreadPacer } from './thread-pacer.ts';

/**
 * Everything that takes time is done before the clock of the run begins.
 *
 * @throws PerfError `bad-load` when requests have no url to go to.
 */
export async function prepareLoop(
  plan: LoadPlan,
  run: LoadRun,
  url: string | undefined,
): Promise<StartLoop<LoopEnd & Partial<AutocannonEnd>>> {
  const { profile, work, timeout } = plan;
  if (profile.model === 'closed' && work.kind === 'requests' && work.driver.use === 'autocannon') {
    return prepareAutocannon(run, profile, { url: checkedUrl(url), requests: work.requests, timeout });
  }
  const sending = { ...run, createSender: retrySender(await prepareSender(plan, url), plan.retries, run.seed) };
  if (profile.model === 'closed') return closedLoop(sending, profile);
  const schedule = createArrivalSchedule({ ...profile, seed: run.seed });
  return openLoop(sending, schedule.walk(run.stripe), await startThreadPacer());
}

async function prepareSender(
  { work, rows, timeout, setup, parameters }: LoadPlan,
  url: string | undefined,
): Promise<SenderFactory> {
  if (work.kind === 'function') return functionSender({ run: work.run, setup, parameters, url, rows: rows(), timeout });
  if (work.kind === 'steps') {
    const { steps, driver } = work;
    return stepsSender({ url: checkedUrl(url), steps, rows: rows(), timeout }, await prepareDriver(driver));
  }
  const source =
    work.kind === 'template' ? templateOf(work.template, rows(), parameters) : cycleOf(work.requests, work.endpointOf);
  return httpSender({ url: checkedUrl(url), source, timeout }, await prepareDriver(work.driver));
}

async function prepareDriver(driver: PlannedDriver): Promise<DriverFactory> {
  if (driver.use === 'undici') return prepareUndici(driver);
  const settings = driver.use === 'http1' ? driver.settings : {};
  return (options) => createHttpDriver({ ...options, ...settings });
}

function checkedUrl(text: string | undefined): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw usageError(`${describeValue(text)} is not a url that load can be sent to`, {
    code: 'bad-load',
    hint: 'Write it with its scheme: "http://127.0.0.1:3000".',
    excerpt: 'url',
  });
}
