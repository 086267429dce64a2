import { dirname } from 'node:path';
import { GROUP, hostView, PASSWD, SANDBOX_GID, SANDBOX_UID, type ViewStep } from './host-view.ts';
import { type Launch, STATUS_DESCRIPTOR, TOOL_VARIABLES } from './launch.ts';
import type { SandboxContents } from './sandbox.ts';

/** In every user namespace, so that remounting keeps what the machine's own mounts may forbid. */
const SAFE = 'nosuid,nodev';
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'] as const;

/** What a shell gives to the programs it starts without having been told to. */
const SHELL_VARIABLES = ['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'] as const;

/**
 * The command that runs a program in an environment made by util-linux alone (`unshare`, `mount`, `pivot_root`, and
 * `setpriv`, so that all ends with the local Lambda): all paths as on Lambda, only `/tmp` is writable. The variables
 * are exactly the environment's.
 *
 * @param contents of the environment
 * @param command path of the program inside, executed without arguments
 */
export async function usernsLaunch(contents: SandboxContents, command: string): Promise<Launch> {
  const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts'];
  return {
    file: 'setpriv',
    args: ['--pdeathsig', 'KILL', 'unshare', ...namespaces, '--fork', '--kill-child', 'sh', '-s'],
    variables: TOOL_VARIABLES,
    cwd: '/',
    stdin: script(contents, command, await hostView()),
    hasStatus: true,
  };
}

/**
 * What the shell does that becomes process 1 of the environment. It reports like bubblewrap does, its own process id
 * once everything is mounted. The program is started in a second user namespace: with Lambda's user, and without the
 * right to undo the mounts. The shell stays as its parent, because process 1 has to reap orphans and would not be
 * ended by a SIGTERM that it does not handle. The new root is laid over /sys, which is there on every system and
 * holds none of the folders to be mounted.
 */
function script(contents: SandboxContents, command: string, view: readonly ViewStep[]): string {
  const { optFolder, taskFolder, tmpFolder, tmpBytes, variables } = contents;
  const foreign = SHELL_VARIABLES.filter((name) => !(name in variables));
  return `set -e
read -r pid rest </proc/self/stat
mount -t tmpfs -o mode=755 root /sys
cd /sys
mkdir -p etc opt var/task tmp dev proc outside
${view.map(stepLine).join('\n')}
printf %s ${quote(PASSWD)} >etc/passwd
printf %s ${quote(GROUP)} >etc/group
for name in ${DEVICES.join(' ')}; do
  : >"dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount --bind -o ro,${SAFE} ${quote(optFolder)} opt
mount --bind -o ro,${SAFE} ${quote(taskFolder)} var/task
mount ${tmpBytes === undefined ? `--bind -o ${SAFE} ${quote(tmpFolder)}` : `-t tmpfs -o size=${tmpBytes},mode=1777,${SAFE} full`} tmp
mount -t proc proc proc
pivot_root . outside
cd /var/task
umount -l /outside
rmdir /outside
mount -o remount,bind,ro /
echo "{\\"child-pid\\": $pid}" >&${STATUS_DESCRIPTOR}
set +e
# The shell's own remarks on how the program ended are nobody's output.
exec 9>&2 2>/dev/null
(
${Object.entries(variables)
  .map(([name, value]) => `export ${name}=${quote(value)}`)
  .join('\n')}
exec /usr/bin/env ${foreign.map((name) => `-u ${name}`).join(' ')} /usr/bin/unshare --user --map-user=${SANDBOX_UID} --map-group=${SANDBOX_GID} ${quote(command)}
) </dev/null 2>&9 9>&- ${STATUS_DESCRIPTOR}>&-
code=$?
echo "{\\"exit-code\\": $code}" >&${STATUS_DESCRIPTOR}
exit $code
`;
}

function stepLine(step: ViewStep): string {
  const source = quote(step.path);
  const target = quote(step.path.slice(1));
  switch (step.kind) {
    case 'bind': {
      const make = step.folder
        ? `mkdir -p ${target}`
        : `mkdir -p ${quote(dirname(step.path).slice(1))}\n: >${target}`;
      return `${make}\nmount --rbind -o ro,${SAFE} ${source} ${target}`;
    }
    case 'link':
      return `ln -s ${quote(step.target)} ${target}`;
    case 'empty':
      return `mount -t tmpfs -o ro,mode=755 empty ${target}`;
    case 'cover':
      return `mount --bind -o ro,${SAFE} ${quote(step.by)} ${target}`;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
