import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from './config.ts';
import { PilotlightError } from './errors.ts';
import { errorAnswer } from './lambda-api/error-answer.ts';
import { createLog, type Log } from './log.ts';
import { runLoop, runPollers } from './loop.ts';
import { prepare } from './prepare/prepare.ts';

// The bootstrap's life: settings, /tmp, worker, loop, exit code.
const log = createLog(process.env.PILOTLIGHT_LOG === 'debug' ? 'debug' : 'warn');
const authority = process.env.AWS_LAMBDA_RUNTIME_API;
if (authority === undefined) {
  log.error('Cannot start: AWS_LAMBDA_RUNTIME_API is not set, expected HOST:PORT as Lambda sets it');
  process.exit(1);
}
process.exit(await run(authority, log));

async function run(runtimeApi: string, log: Log): Promise<number> {
  const stopping = new AbortController();
  // Not `once`: signal-exit, which execa brings, takes a signal nobody listens to any more as the end.
  process.on('SIGTERM', () => stopping.abort());
  let settings: Settings;
  let prepared: ReturnType<typeof prepare>;
  try {
    settings = readSettings(process.env, fileURLToPath(import.meta.url));
    prepared = prepare(settings, log);
  } catch (error) {
    return reportInit(error, runtimeApi, log);
  }
  const { folder, worker } = prepared;
  // Both take their time and neither waits for the other: the worker boots while the client is loaded.
  const ready = worker.ready().then(
    () => undefined,
    (error: unknown) => error,
  );
  const { createLambdaApi } = await import('./lambda-api/client.ts');
  const lambda = createLambdaApi(runtimeApi, settings.maxConcurrency, log);
  try {
    const failure = await ready;
    if (failure !== undefined) return await reportInit(failure, runtimeApi, log);
    await runPollers(settings.maxConcurrency, () => runLoop(lambda, worker, stopping.signal));
    return 0;
  } catch (error) {
    log.error(describe(error));
    return 1;
  } finally {
    await worker.stop();
    await lambda.close();
    folder.remove();
  }
}

/** Says why the environment did not start; Lambda shows it to the caller and starts anew. */
async function reportInit(error: unknown, runtimeApi: string, log: Log): Promise<number> {
  log.error(describe(error));
  const known =
    error instanceof PilotlightError
      ? error
      : new PilotlightError('BOOTSTRAP_FAILED', String(error), { cause: error });
  const { createLambdaApi } = await import('./lambda-api/client.ts');
  const lambda = createLambdaApi(runtimeApi, 1, log);
  await lambda.initError(errorAnswer(known));
  await lambda.close();
  return 1;
}

function describe(error: unknown): string {
  return error instanceof PilotlightError ? `${error.code} ${error.message}` : String((error as Error).stack);
}
