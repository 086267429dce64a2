import { join } from 'node:path';
import { parseVersions, writeVersions } from '../bench/peers/versions.ts';
import { PYTHON_PEER } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';
import { makeVirtualEnvironment, virtualEnvironmentDigest } from './virtual-environment.ts';

const REQUIREMENTS = join(import.meta.dirname, '../bench/peers/python/requirements.txt');
/** The import shows that the native part fits this Python. */
const TELL_VERSIONS = `
import importlib.metadata, json, platform
import awslambdaric.bootstrap, runtime_client
print(json.dumps({"awslambdaric": importlib.metadata.version("awslambdaric"), "python": platform.python_version()}))
`;

/** Installs the official Python client of the Runtime API into a virtual environment. */
export const awslambdaric: Step = {
  name: 'awslambdaric',
  missing: () =>
    isStamped(PROGRAMS.awslambdaric, virtualEnvironmentDigest(REQUIREMENTS)) ? [] : ['awslambdaric'],
  install,
};

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const options = {
    environment,
    signal,
    logFile: join(logFolder, 'awslambdaric.log'),
    next: 'check that pip reaches its package index and that Python is 3.11 to 3.14, then run make bench-peers again',
  };
  const python = await makeVirtualEnvironment(PYTHON_PEER, REQUIREMENTS, options);
  writeVersions(PYTHON_PEER, parseVersions(await runCommand([python, '-c', TELL_VERSIONS], options)));
  stamp(PROGRAMS.awslambdaric, virtualEnvironmentDigest(REQUIREMENTS));
}
