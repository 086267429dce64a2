import { describeError } from './errors.ts';
import { addHandedVariables } from './handed-variables.ts';
import { reportInitError } from './lambda-api/report-init-error.ts';
import { createLog, isLogLevel, type Log } from './log.ts';
import { runLoop, runPollers } from './loop.ts';
import { start } from './start.ts';

// The bootstrap's life: settings, /tmp, worker, loop, exit code.
const variables = addHandedVariables(process.env);
const level = variables.PILOTLIGHT_LOG ?? '';
// A level that is none is told as an init error by the settings, which need a log themselves.
const log = createLog(isLogLevel(level) ? level : 'warn', variables.AWS_LAMBDA_LOG_FORMAT);
const authority = variables.AWS_LAMBDA_RUNTIME_API;
if (authority === undefined) {
  log.error('Cannot start: AWS_LAMBDA_RUNTIME_API is not set, expected HOST:PORT as Lambda sets it');
  process.exit(1);
}
const stopping = new AbortController();
// Not `once`: signal-exit, which execa brings, takes a signal nobody listens to any more as the end.
process.on('SIGTERM', () => stopping.abort());
// Not awaited at the top: what is loaded later imports from this file, which has to be through by then.
void run(authority, stopping.signal, log).then(process.exit);

async function run(authority: string, stopping: AbortSignal, log: Log): Promise<number> {
  const started = await start(variables, authority, stopping, log).catch((error: unknown) =>
    reportInitError(error, authority, log),
  );
  if (started === undefined) return 1;
  const { settings, lambda, folder, worker } = started;
  try {
    const { maxConcurrency, isConcurrent } = settings;
    await runPollers(maxConcurrency, () => runLoop(lambda, worker, isConcurrent, stopping));
    return 0;
  } catch (error) {
    log.error(describeError(error));
    return 1;
  } finally {
    await worker.stop();
    lambda.close();
    folder.remove();
  }
}
