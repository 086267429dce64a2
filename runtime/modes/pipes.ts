import { once } from 'node:events';
import { constants, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { execa } from 'execa';

/** The pipes of a program: descriptors that keep them, one program after the other. */
export interface PipeSet {
  readonly input: number;
  readonly result: number;
  readonly errors: number;
}

/** A pipe between this process and a program. */
export interface Channel {
  /** What the program gets: a descriptor, or `pipe` for a socket of Node's own. */
  readonly theirs: number | 'pipe';
  readonly ours: Socket | undefined;
}

/** Bash keeps a here-string in a pipe, since 5.1. */
const SHELL = 'exec 3<<<"" 4<<<"" 5<<<""; echo made; read';

/**
 * Makes pipes for a program. What Node makes for its children are sockets, which cannot be opened by a name: a script that
 * reads `/dev/stdin` or writes to `/dev/stderr` or `/dev/fd/3` would fail. A named pipe would hold the first up.
 *
 * @throws {Error} where the system's Bash has none to give
 */
export async function makePipes(): Promise<PipeSet> {
  const shell = execa('/bin/bash', ['-pc', SHELL], { extendEnv: false, reject: false, buffer: false });
  try {
    await Promise.race([once(shell.stdout, 'data'), once(shell.stdout, 'close')]);
    const [input = 0, result = 0, errors = 0] = [3, 4, 5].map((descriptor) => take(shell.pid, descriptor));
    return { input, result, errors };
  } finally {
    shell.stdin.end();
    await shell;
  }
}

function take(pid: number | undefined, descriptor: number): number {
  const pipe = openSync(`/proc/${pid}/fd/${descriptor}`, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!fstatSync(pipe).isFIFO()) throw new Error('Bash keeps here-strings elsewhere');
  return pipe;
}

/**
 * Opens both ends of a pipe that no program has any more.
 *
 * @param pipe keeps it; without one the program gets a socket
 * @param ours which end is this process's
 */
export function openChannel(pipe: number | undefined, ours: 'reader' | 'writer'): Channel {
  if (pipe === undefined) return { theirs: 'pipe', ours: undefined };
  empty(pipe);
  const path = `/proc/self/fd/${pipe}`;
  const [reader, writer] = [openSync(path, 'r'), openSync(path, 'w')];
  return ours === 'reader'
    ? { theirs: writer, ours: new Socket({ fd: reader, readable: true, writable: false }) }
    : { theirs: reader, ours: new Socket({ fd: writer, readable: false, writable: true }) };
}

/** What the program before has not read. */
function empty(pipe: number): void {
  const room = Buffer.allocUnsafe(65_536);
  try {
    while (readSync(pipe, room) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}
