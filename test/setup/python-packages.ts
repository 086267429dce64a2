import { join } from 'node:path';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { isStamped, stamp } from './stamp.ts';
import type { Step } from './step.ts';
import { makeVirtualEnvironment, virtualEnvironmentDigest } from './virtual-environment.ts';

/** What Python's packages are installed as. */
interface PythonPackages {
  readonly name: 'boto3' | 'moto' | 'cfn-lint' | 'awslambdaric';
  /** The virtual environment: each has one of its own, since their pins differ. */
  readonly folder: string;
  /** File with the pinned packages. */
  readonly requirements: string;
  /** Shows that they fit this Python. */
  readonly code: string;
  /** Gets what the code printed. */
  readonly keep?: (printed: string) => void;
  /** What the reader can do about a failure. */
  readonly next: string;
}

/**
 * A step that installs packages of PyPI into a virtual environment.
 *
 * @param packages which, and where
 */
export function pythonPackages({ name, folder, requirements, code, keep, next }: PythonPackages): Step {
  const digest = () => virtualEnvironmentDigest(requirements);
  return {
    name,
    missing: () => (isStamped(PROGRAMS[name], digest()) ? [] : [name]),
    async install({ environment, signal, logFolder }) {
      const options = { environment, signal, logFile: join(logFolder, `${name}.log`), next };
      const python = await makeVirtualEnvironment(folder, requirements, options);
      const printed = await runCommand([python, '-c', code], options);
      keep?.(printed);
      stamp(PROGRAMS[name], digest());
    },
  };
}
