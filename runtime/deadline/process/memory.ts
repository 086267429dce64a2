import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Reads the memory of a process. A process may read that of those which it started, where the system allows it.
 *
 * Source: proc_pid_mem(5).
 *
 * @param pid the process
 * @param address where it begins
 * @param bytes how much at most; what is mapped there ends it
 * @throws the system's error, such as `EACCES`, or `EIO` where nothing is mapped
 */
export function readMemory(pid: number, address: bigint, bytes: number): Buffer {
  const descriptor = openSync(`/proc/${pid}/mem`, 'r');
  try {
    const memory = Buffer.alloc(bytes);
    return memory.subarray(0, readSync(descriptor, memory, 0, bytes, address));
  } finally {
    closeSync(descriptor);
  }
}
