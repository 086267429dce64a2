import { ARM64_LIBRARIES, QEMU_AARCH64 } from './clients.ts';

/** Where the libraries of arm64 programs are looked for: QEMU puts it before their absolute paths. */
const LIBRARY_ROOT = ARM64_LIBRARIES.replace(/\/lib\/.*/, '');
/** Header of an ELF file for arm64, and which of its bits count; Linux takes the escapes. */
const MAGIC = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
const MASK = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;
/** `F`: QEMU is opened now, so that it is there whatever is mounted later. */
const RULE = `:arm64:M::${MAGIC}:${MASK}:${QEMU_AARCH64}:F`;
const REGISTER =
  'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && printf %s "$1" >/proc/sys/fs/binfmt_misc/register';

/** How a program and all it starts run where arm64 programs do too, which takes Linux 6.7: in namespaces of their own. */
export interface Arm64 {
  readonly variables: Readonly<Record<string, string>>;
  /** What to run instead of a program. */
  command(program: string): readonly [string, ...string[]];
}

/** Nothing of it is seen outside: the rule is gone with the last process. */
export const ARM64: Arm64 =
  process.arch === 'arm64'
    ? { variables: {}, command: (program) => [program] }
    : {
        variables: { QEMU_LD_PREFIX: LIBRARY_ROOT },
        command: (program) => [
          '/usr/bin/unshare',
          ...['--user', '--map-root-user', '--mount', '--propagation', 'private'],
          ...['/bin/sh', '-c', `${REGISTER} && exec "$0"`, program, RULE],
        ],
      };
