import { closeSync, openSync, readSync } from 'node:fs';

/** The memory of a process, to be read. */
export interface Memory {
  /**
   * Reads bytes.
   *
   * @param address where they begin
   * @param bytes how many at most; what is mapped there ends it
   * @throws the system's error, such as `EIO` where nothing is mapped
   */
  read(address: bigint, bytes: number): Buffer;
}

/**
 * Opens the memory of a process for a while. A process may read that of those which it started, where the system allows it.
 *
 * Source: proc_pid_mem(5).
 *
 * @param pid the process
 * @param use reads from it
 * @throws the system's error, such as `EACCES`
 */
export function withMemory<T>(pid: number, use: (memory: Memory) => T): T {
  const descriptor = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return use({
      read(address, bytes) {
        const buffer = Buffer.alloc(bytes);
        return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, address));
      },
    });
  } finally {
    closeSync(descriptor);
  }
}
