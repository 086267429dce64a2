import type { Launch } from './launch.ts';

/** What some shells give to the programs that they start without having been told to. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL'] as const;

/**
 * Has a program begin inside a cgroup: a shell goes there and becomes the program, so that all it uses is counted. The
 * local Lambda would have to wait itself, for milliseconds, if it moved what it has started.
 *
 * @param launch the program
 * @param procsFile `cgroup.procs` of the cgroup; without one the program is started as it is
 */
export function intoCgroup(launch: Launch, procsFile: string | undefined): Launch {
  if (procsFile === undefined) return launch;
  const foreign = SHELL_VARIABLES.filter((name) => !(name in launch.variables)).join(' ');
  const script = `echo $$ >"$0" && unset ${foreign} && exec "$@"`;
  return { ...launch, file: '/bin/sh', args: ['-c', script, procsFile, launch.file, ...launch.args] };
}
