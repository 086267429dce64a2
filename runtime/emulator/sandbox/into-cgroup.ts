import type { Launch } from './launch.ts';

/** What some shells give to the programs that they start without having been told to. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL'] as const;

/**
 * Has a program begin inside a cgroup: a shell goes there and becomes the program, so that all it uses is counted.
 *
 * @param launch the program
 * @param entryFile the cgroup's; without one the program is started as it is
 */
export function intoCgroup(launch: Launch, entryFile: string | undefined): Launch {
  if (entryFile === undefined) return launch;
  const foreign = SHELL_VARIABLES.filter((name) => !(name in launch.variables)).join(' ');
  const script = `echo 0 >"$0" && unset ${foreign} && exec "$@"`;
  return { ...launch, file: '/bin/sh', args: ['-c', script, entryFile, launch.file, ...launch.args] };
}
