import type { EnvironmentLog } from './log.ts';
import { createRuntimeRoutes } from './runtime-routes.ts';
import { startRuntimeServer } from './runtime-server.ts';
import { RuntimeSession } from './runtime-session.ts';
import type { SandboxExit, SandboxRequest } from './sandbox/sandbox.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';

/** One start of a bootstrap with the Runtime API that it alone talks to. */
export interface RuntimeProcess {
  readonly session: RuntimeSession;
  /** Settles when the bootstrap has ended. */
  readonly exited: Promise<SandboxExit>;
  hasExited(): boolean;
  memoryBytes(): Promise<number>;
  /** Ends every process, then takes in what they had still said and written, then closes the port. */
  stop(): Promise<void>;
}

/**
 * Starts a bootstrap.
 *
 * @param request the sandbox, without its variables
 * @param variables makes them from the Runtime API's `host:port`
 * @param log takes what the processes write
 */
export async function startRuntimeProcess(
  request: Omit<SandboxRequest, 'variables'>,
  variables: (runtimeApi: string) => Record<string, string>,
  log: EnvironmentLog,
): Promise<RuntimeProcess> {
  const session = new RuntimeSession();
  const server = await startRuntimeServer(createRuntimeRoutes(session));
  const sandbox = await startSandbox({ ...request, variables: variables(server.address) }).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  log.attach(sandbox.stdout);
  log.attach(sandbox.stderr);
  let hasExited = false;
  void sandbox.exited.then(() => {
    hasExited = true;
  });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await sandbox.kill();
    // Dead processes close their connections, but what they sent before that is still to be read: it may be the answer.
    await server.drained();
    await log.drain();
    await server.close();
  };
  return {
    session,
    exited: sandbox.exited,
    hasExited: () => hasExited,
    memoryBytes: () => sandbox.memoryBytes(),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
