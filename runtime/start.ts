import { compileLess } from './compile-less.ts';
import { readSettings, type Settings, type Variables } from './config.ts';
import { createLambdaApi, type LambdaApi } from './lambda-api/client.ts';
import type { Log } from './log.ts';
import type { Mode } from './modes/mode.ts';
import type { Folder } from './prepare/folder.ts';
import { prepare } from './prepare/prepare.ts';
import { beginStamps } from './start-stamps.ts';
import type { Workers } from './supervisor/worker-pool.ts';
import { loadTransport } from './transport/load-transport.ts';

/** All that an environment needs to take invocations. */
export interface Started {
  readonly settings: Settings;
  readonly lambda: LambdaApi;
  readonly folder: Folder;
  readonly worker: Workers;
}

async function loadMode(settings: Settings): Promise<Mode> {
  return settings.mode === 'spare'
    ? (await import('./modes/spare.ts')).SPARE
    : (await import('./modes/process.ts')).processMode(settings);
}

/**
 * Prepares `/tmp`, has the worker load the function, and connects to the Runtime API meanwhile.
 *
 * @param variables all that the bootstrap was given
 * @param authority `host:port` as in `AWS_LAMBDA_RUNTIME_API`
 * @param stopping aborted when no further event is wanted
 * @param log where the steps are told
 * @throws {PilotlightError} the init error to report
 */
export async function start(
  variables: Variables,
  authority: string,
  stopping: AbortSignal,
  log: Log,
): Promise<Started> {
  const stamps = beginStamps();
  const settings = readSettings(variables, import.meta.filename);
  const transport = loadTransport(settings, stamps);
  const permit =
    settings.permissions === undefined ? undefined : (await import('./supervisor/permissions.ts')).permit;
  const mode = settings.mode === 'persistent' ? undefined : await loadMode(settings);
  if (settings.verify === 'full') (await import('./prepare/verify-fully.ts')).verifyFully(settings);
  const { folder, worker, verify } = prepare(settings, import.meta.filename, transport, log, permit, mode);
  stamps.prepared = process.hrtime.bigint();

  async function connect(): Promise<LambdaApi> {
    compileLess();
    const { connections, pipeline } = settings;
    const createClient = await transport;
    const lambda = createLambdaApi({ createClient, authority, connections, pipeline, stopping, log });
    // A snapshot would cut it.
    if (!settings.isSnapshot) lambda.connect();
    return lambda;
  }

  async function register(): Promise<void> {
    const { registerExtension } = await import('./lambda-api/register-extension.ts');
    await registerExtension(authority, stopping, log);
  }

  /** Once the worker has its go line: it loads the function meanwhile. */
  async function verifyMeanwhile(): Promise<void> {
    verify();
  }

  try {
    const { shutdown, isSnapshot } = settings;
    const [, lambda] = await Promise.all([
      worker.ready(),
      connect(),
      verifyMeanwhile(),
      shutdown === 'on' ? register() : undefined,
    ]);
    if (shutdown === 'auto' && worker.hasShutdownHook) await register();
    if (isSnapshot) {
      const { takeSnapshot } = await import('./lambda-api/take-snapshot.ts');
      await takeSnapshot(authority, (path) => worker.runHooks(path), stopping, log);
      lambda.connect();
    }
    stamps.ready = process.hrtime.bigint();
    return { settings, lambda, folder, worker };
  } catch (error) {
    folder.remove();
    throw error;
  }
}
