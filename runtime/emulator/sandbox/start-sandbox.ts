import { Readable } from 'node:stream';
import { bwrapLaunch } from './bwrap.ts';
import { findBootstrap, whyNotInterpreted } from './find-bootstrap.ts';
import { intoCgroup } from './into-cgroup.ts';
import { type Launch, launch } from './launch.ts';
import { namespaceSandbox } from './namespace-sandbox.ts';
import { pathsLaunch } from './paths.ts';
import { pathsSandbox } from './paths-sandbox.ts';
import type { Sandbox, SandboxRequest } from './sandbox.ts';
import { usernsLaunch } from './userns.ts';

/** Another one in every environment, and inherited by all of its processes. */
const MARK_VARIABLE = 'AWS_LAMBDA_LOG_STREAM_NAME';

/**
 * Starts the bootstrap of an environment.
 *
 * @param request what the environment is made of; `AWS_LAMBDA_LOG_STREAM_NAME` has to be among its variables
 * @returns the running environment; without a bootstrap that can be executed, one that has ended with `startFailure`
 */
export async function startSandbox(request: SandboxRequest): Promise<Sandbox> {
  const bootstrap =
    request.program === undefined
      ? await findBootstrap(request.optFolder, request.taskFolder)
      : ({ kind: 'found', ...request.program } as const);
  if (bootstrap.kind === 'invalid') return deadSandbox(bootstrap.reason);
  const start = (program: Launch) => launch(intoCgroup(program, request.entryFile));
  switch (request.isolation) {
    case 'bwrap':
      return namespaceSandbox(start(await bwrapLaunch(request, bootstrap.insidePath)));
    case 'userns':
      return namespaceSandbox(start(await usernsLaunch(request, bootstrap.insidePath)));
    case 'paths': {
      const problem = request.entryFile === undefined ? undefined : await whyNotInterpreted(bootstrap.file);
      if (problem !== undefined) return deadSandbox(`"${bootstrap.insidePath}": ${problem}`);
      return pathsSandbox(
        start(pathsLaunch(request, bootstrap.file)),
        `${MARK_VARIABLE}=${request.variables[MARK_VARIABLE]}`,
      );
    }
  }
}

function deadSandbox(startFailure: string): Sandbox {
  return {
    stdout: Readable.from([]),
    stderr: Readable.from([]),
    exited: Promise.resolve({ exitCode: undefined, signal: undefined, startFailure }),
    processes: () => [],
    terminate: async () => {},
    kill: async () => {},
  };
}
