import type { Launch } from './launch.ts';
import type { SandboxContents } from './sandbox.ts';

/**
 * The command that runs the bootstrap without any isolation: from the folder where it really lies, with variables
 * that name the real folders. Nothing is protected from being written.
 *
 * @param contents of the environment
 * @param bootstrap path of the bootstrap on this machine
 */
export function pathsLaunch(contents: SandboxContents, bootstrap: string): Launch {
  return {
    file: bootstrap,
    args: [],
    variables: mapVariables(contents),
    cwd: contents.taskFolder,
    hasStatus: false,
  };
}

/**
 * Replaces `/opt`, `/var/task` and `/tmp` by the real folders wherever a variable's value names them: alone, in a
 * list such as PATH, or as the argument of an option. A URL that contains one is left as it is.
 */
function mapVariables(contents: SandboxContents): Record<string, string> {
  const { optFolder, taskFolder, tmpFolder, variables } = contents;
  const folders: Record<string, string> = { '/opt': optFolder, '/var/task': taskFolder, '/tmp': tmpFolder };
  const mapped = Object.entries(variables).map(([name, value]) => [
    name,
    value.replaceAll(
      /(?<=^|[\s:=,"'])(?:\/opt|\/var\/task|\/tmp)(?=$|[\s:/,"'])/g,
      (path) => folders[path] ?? path,
    ),
  ]);
  // Programs that find no TMPDIR write to the machine's own /tmp.
  return { TMPDIR: tmpFolder, ...Object.fromEntries(mapped) };
}
