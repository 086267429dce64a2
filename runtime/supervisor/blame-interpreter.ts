import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PilotlightError } from '../errors.ts';
import type { WorkerPlan } from './worker-plan.ts';

/** Machines by their number in an ELF file's header, in Lambda's words. */
const MACHINES: Readonly<Record<number, string>> = { 62: 'x86_64', 183: 'arm64' };
const MACHINE = { x64: 62, arm64: 183 }[process.arch as 'x64' | 'arm64'];
/** Where they are in the file: linkers put them behind its own header. */
const HEADERS_BYTES = 4_096;
const PROGRAM_HEADER_BYTES = 56;
/** What the system's loader says of a program that it cannot link, before the first line of the program itself. */
const LOADER = /error while loading shared libraries: |version `[^']+' not found/;

/**
 * Finds out whether a worker did not start because its interpreter cannot run here. Only looked for after a failure, so
 * that good ones pay nothing for it.
 *
 * @param error why the worker did not start
 * @param plan how it was started
 * @returns `INTERPRETER_UNUSABLE` with what is wrong with it, else the error as it was
 */
export function blameInterpreter(error: unknown, { name, binary }: WorkerPlan): unknown {
  if (!(error instanceof PilotlightError) || error.code !== 'WORKER_START_FAILED') return error;
  const said = error.trace.find((line) => line.startsWith(`${binary}: `) && LOADER.test(line));
  const reason = said ?? faultOf(binary);
  if (reason === undefined) return error;
  return new PilotlightError('INTERPRETER_UNUSABLE', `Cannot use interpreter "${name}": ${reason}`, {
    cause: error,
    trace: error.trace,
  });
}

function faultOf(binary: string): string | undefined {
  const file = openSync(binary, 'r');
  try {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(Math.min(size, HEADERS_BYTES));
    readSync(file, head, 0, head.length, 0);
    // What the system runs by its first line.
    if (head.toString('latin1', 0, 2) === '#!') return undefined;
    if (head.length < 64 || head.toString('latin1', 0, 4) !== '\x7fELF') {
      return `"${binary}" is no program, expected an ELF file; it has ${size} bytes`;
    }
    const machine = head.readUInt16LE(18);
    if (machine !== MACHINE) {
      return `"${binary}" is built for ${MACHINES[machine] ?? `machine ${machine}`}, expected ${MACHINES[MACHINE]}`;
    }
    const wholeBytes = mappedBytes(head);
    return size < wholeBytes ? `"${binary}" is cut short: ${size} of ${wholeBytes} bytes` : undefined;
  } finally {
    closeSync(file);
  }
}

/** Up to where the program is mapped into memory, as far as its headers are at hand. */
function mappedBytes(head: Buffer): number {
  const start = Number(head.readBigUInt64LE(32));
  const count = head.readUInt16LE(56);
  const headersEnd = Math.min(start + count * PROGRAM_HEADER_BYTES, head.length);
  let end = headersEnd;
  for (let at = start; at + PROGRAM_HEADER_BYTES <= headersEnd; at += PROGRAM_HEADER_BYTES) {
    end = Math.max(end, Number(head.readBigUInt64LE(at + 8)) + Number(head.readBigUInt64LE(at + 32)));
  }
  return end;
}
