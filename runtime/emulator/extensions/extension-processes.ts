import type { EnvironmentLog } from '../log.ts';
import type { Sandbox, SandboxExit, SandboxRequest } from '../sandbox/sandbox.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import type { ExtensionProgram } from './find-extensions.ts';

/** What the platform keeps from extensions, besides every name with an underscore in front. */
const RUNTIME_VARIABLES = new Set(['AWS_XRAY_CONTEXT_MISSING', 'LAMBDA_TASK_ROOT']);

/** The external extensions of one environment. */
export interface ExtensionProcesses {
  /** Settles with the first that ends. */
  readonly exited: Promise<SandboxExit>;
  /** Settles when all have ended. */
  readonly allExited: Promise<unknown>;
  /** Process ids, as this machine counts them, of all extensions. */
  processes(): readonly number[];
  kill(): Promise<void>;
}

/**
 * Starts external extensions, each in a sandbox that sees the same `/opt` and `/tmp` as the bootstrap's.
 *
 * @param programs what to start
 * @param request the bootstrap's sandbox
 * @param log takes what they write
 * @param hear gets each line of that
 */
export async function startExtensionProcesses(
  programs: readonly ExtensionProgram[],
  request: SandboxRequest,
  log: EnvironmentLog,
  hear: (line: string) => void,
): Promise<ExtensionProcesses> {
  const variables = Object.fromEntries(
    Object.entries(request.variables).filter(
      ([name]) => !name.startsWith('_') && !RUNTIME_VARIABLES.has(name),
    ),
  );
  const sandboxes: Sandbox[] = [];
  for (const program of programs) {
    const sandbox = await startSandbox({ ...request, variables, program });
    log.attach(sandbox.stdout, hear);
    log.attach(sandbox.stderr, hear);
    sandboxes.push(sandbox);
  }
  return {
    exited: Promise.race(sandboxes.map(({ exited }) => exited)),
    allExited: Promise.all(sandboxes.map(({ exited }) => exited)),
    processes: () => sandboxes.flatMap((sandbox) => sandbox.processes()),
    kill: async () => void (await Promise.all(sandboxes.map((sandbox) => sandbox.kill()))),
  };
}
