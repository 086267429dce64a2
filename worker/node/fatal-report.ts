import { basename, dirname } from 'node:path';
import { REPORT_SUFFIX } from '../protocol.ts';

/** Says where the report goes; only then there will be one. */
export type PlaceReport = (socketPath: string) => void;

/**
 * Has Node write a report when it ends by an error of its own: it tells a full heap from `abort()`. Here and not as
 * arguments of the command, because the folder is made while this process boots.
 * @returns says where it goes; without effect when the function's `NODE_OPTIONS` want such reports for themselves
 */
export function prepareFatalReport(): PlaceReport {
  const { report } = process;
  if (report.reportOnFatalError) return () => undefined;
  // Neither belongs in a file; and naming the peers of connections asks the network.
  Object.assign(report, { excludeNetwork: true, excludeEnv: true, compact: true });
  return (socketPath) => {
    report.directory = dirname(socketPath);
    report.filename = basename(socketPath) + REPORT_SUFFIX;
    report.reportOnFatalError = true;
  };
}
