import type { Driver, HttpDriverOptions } from './driver.ts';
import { driverSettings } from './http1/driver-settings.ts';
import { Http1Driver } from './http1/http1-driver.ts';

/**
 * HTTP/1.1 on connections of its own. Without `maxConnections` their number has no limit: a request that is due does
 * not wait for another one's connection, as the requests of unrelated users would not.
 *
 * @throws PerfError `bad-load` for options that make no sense.
 */
export const createHttpDriver = (options: HttpDriverOptions): Driver => new Http1Driver(driverSettings(options));
