import { GROUP, hostView, PASSWD, SANDBOX_GID, SANDBOX_UID, type ViewStep } from './host-view.ts';
import { INPUTS_DESCRIPTOR, type Launch, STATUS_DESCRIPTOR, TOOL_VARIABLES } from './launch.ts';
import type { SandboxContents } from './sandbox.ts';

/**
 * The command that runs a program in an environment made by bubblewrap: all paths as on Lambda, only `/tmp` is
 * writable. The variables are exactly the environment's and `PWD`, which bubblewrap sets itself.
 *
 * @param contents of the environment
 * @param command path of the program inside, executed without arguments
 */
export async function bwrapLaunch(contents: SandboxContents, command: string): Promise<Launch> {
  const view = await hostView();
  const [argsDescriptor, passwd, group] = [0, 1, 2].map((index) => INPUTS_DESCRIPTOR + index);
  const args = [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent'],
    ...['--uid', String(SANDBOX_UID), '--gid', String(SANDBOX_GID), '--clearenv'],
    ...Object.entries(contents.variables).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--tmpfs', '/', '--dir', '/etc', '--dir', '/var'],
    ...view.flatMap(stepArgs),
    ...['--perms', '0644', '--ro-bind-data', String(passwd), '/etc/passwd'],
    ...['--perms', '0644', '--ro-bind-data', String(group), '/etc/group'],
    // Read-only, because Lambda has no shared memory in /dev/shm; the devices in it stay writable.
    ...['--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
    ...['--ro-bind', contents.optFolder, '/opt', '--ro-bind', contents.taskFolder, '/var/task'],
    ...tmpArgs(contents),
    ...['--remount-ro', '/', '--chdir', '/var/task'],
  ];
  return {
    file: 'bwrap',
    args: [
      ...['--args', String(argsDescriptor), '--json-status-fd', String(STATUS_DESCRIPTOR)],
      ...['--', command],
    ],
    // The function's own travel with the arguments: its LD_PRELOAD is not for bubblewrap, and arguments are read from
    // a descriptor, because other users can see a command line.
    variables: TOOL_VARIABLES,
    cwd: '/',
    inputs: [args.map((arg) => `${arg}\0`).join(''), PASSWD, GROUP],
    hasStatus: true,
  };
}

function tmpArgs({ tmpFolder, tmpBytes }: SandboxContents): string[] {
  if (tmpBytes === undefined) return ['--bind', tmpFolder, '/tmp'];
  return ['--size', String(tmpBytes), '--tmpfs', '/tmp'];
}

function stepArgs(step: ViewStep): string[] {
  switch (step.kind) {
    case 'bind':
      return ['--ro-bind', step.path, step.path];
    case 'link':
      return ['--symlink', step.target, step.path];
    case 'empty':
      return ['--tmpfs', step.path, '--remount-ro', step.path];
    case 'cover':
      return ['--ro-bind', step.by, step.path];
  }
}
