import { compileLess } from './compile-less.ts';
import { readSettings } from './config.ts';
import { describeError } from './errors.ts';
import { createLambdaApi } from './lambda-api/client.ts';
import { reportInitError } from './lambda-api/report-init-error.ts';
import { createLog, isLogLevel, type Log } from './log.ts';
import { runLoop, runPollers } from './loop.ts';
import { prepare } from './prepare/prepare.ts';
import { loadTransport } from './transport/load-transport.ts';

// The bootstrap's life: settings, /tmp, worker, loop, exit code.
const level = process.env.PILOTLIGHT_LOG ?? '';
// A level that is none is told as an init error by the settings, which need a log themselves.
const log = createLog(isLogLevel(level) ? level : 'warn');
const authority = process.env.AWS_LAMBDA_RUNTIME_API;
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
  const started = await start(log).catch((error: unknown) => reportInitError(error, authority, log));
  if (started === undefined) return 1;
  const { settings, createClient, folder, worker } = started;
  const { maxConcurrency: connections, pipeline } = settings;
  const lambda = createLambdaApi({ createClient, authority, connections, pipeline, stopping, log });
  try {
    await runPollers(connections, () => runLoop(lambda, worker, stopping));
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

async function start(log: Log) {
  const settings = readSettings(process.env, import.meta.filename);
  const transport = loadTransport(settings.http, settings.stampsFile);
  const { folder, worker } = prepare(settings, transport, log);
  try {
    const ready = worker.ready();
    // While the worker loads the function, there is time for it.
    compileLess();
    await ready;
  } catch (error) {
    folder.remove();
    throw error;
  }
  return { settings, createClient: await transport, folder, worker };
}
