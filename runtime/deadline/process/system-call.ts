import { readFileSync, readlinkSync } from 'node:fs';
import { withMemory } from './memory.ts';

/** The system call in which a thread is. */
export interface SystemCall {
  readonly name: string;
  /** With what it is about, for people; `undefined` for the waits of event loops and locks, which tell nothing. */
  readonly told: string | undefined;
  /** The thread's stack pointer. */
  readonly stackPointer: bigint;
}

/** Those that may take long. Source: the kernel's `unistd` headers. */
const NAMES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  x64: {
    0: 'read',
    1: 'write',
    4: 'stat',
    7: 'poll',
    17: 'pread64',
    18: 'pwrite64',
    19: 'readv',
    20: 'writev',
    35: 'nanosleep',
    42: 'connect',
    44: 'sendto',
    45: 'recvfrom',
    47: 'recvmsg',
    61: 'wait4',
    72: 'fcntl',
    73: 'flock',
    74: 'fsync',
    202: 'futex',
    217: 'getdents64',
    230: 'clock_nanosleep',
    232: 'epoll_wait',
    257: 'openat',
    262: 'newfstatat',
    271: 'ppoll',
    281: 'epoll_pwait',
    332: 'statx',
    441: 'epoll_pwait2',
  },
  arm64: {
    22: 'epoll_pwait',
    25: 'fcntl',
    32: 'flock',
    56: 'openat',
    61: 'getdents64',
    63: 'read',
    64: 'write',
    65: 'readv',
    66: 'writev',
    67: 'pread64',
    68: 'pwrite64',
    73: 'ppoll',
    79: 'newfstatat',
    82: 'fsync',
    98: 'futex',
    101: 'nanosleep',
    115: 'clock_nanosleep',
    203: 'connect',
    206: 'sendto',
    207: 'recvfrom',
    212: 'recvmsg',
    260: 'wait4',
    291: 'statx',
    441: 'epoll_pwait2',
  },
};
const WAITS = new Set(['epoll_wait', 'epoll_pwait', 'epoll_pwait2', 'futex']);
const OF_A_DESCRIPTOR = new Set([
  'read',
  'write',
  'pread64',
  'pwrite64',
  'readv',
  'writev',
  'connect',
  'sendto',
  'recvfrom',
  'recvmsg',
  'fcntl',
  'flock',
  'fsync',
  'getdents64',
]);
const OF_A_PATH = new Set(['openat', 'newfstatat', 'statx']);
const MAX_PATH_BYTES = 4096;

/**
 * Reads in which system call a process's main thread is.
 *
 * Source: proc_pid_syscall(5).
 *
 * @param pid the process
 * @returns `undefined` when it runs, or the system does not tell
 */
export function readSystemCall(pid: number): SystemCall | undefined {
  let fields: string[];
  try {
    fields = readFileSync(`/proc/${pid}/syscall`, 'latin1').trim().split(' ');
  } catch {
    return undefined;
  }
  // A process that was stopped while it ran.
  if (fields[0] === '-1') return { name: 'none', told: undefined, stackPointer: BigInt(fields[1] as string) };
  if (fields.length !== 9) return undefined;
  const name = NAMES[process.arch]?.[Number(fields[0])] ?? `number ${fields[0]}`;
  const told = WAITS.has(name) ? undefined : name + describeObject(pid, name, fields);
  return { name, told, stackPointer: BigInt(fields[7] as string) };
}

function describeObject(pid: number, name: string, [, first, second]: readonly string[]): string {
  try {
    if (OF_A_DESCRIPTOR.has(name))
      return ` of ${readlinkSync(`/proc/${pid}/fd/${Number(first)}`)} (descriptor ${Number(first)})`;
    if (OF_A_PATH.has(name)) return ` of "${readText(pid, BigInt(second as string))}"`;
  } catch {
    // Closed since, or not to be read.
  }
  return '';
}

function readText(pid: number, address: bigint): string {
  const bytes = withMemory(pid, (memory) => memory.read(address, MAX_PATH_BYTES));
  return bytes.toString('utf8', 0, bytes.indexOf(0));
}
