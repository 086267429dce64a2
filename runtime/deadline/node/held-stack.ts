import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Memory, withMemory } from '../process/memory.ts';
import { readSystemCall } from '../process/system-call.ts';
import { readText } from '../read-text.ts';
import { sourcePosition } from './source-position.ts';
import { type FrameCode, readFrameCode } from './v8-heap.ts';

const WORD_BYTES = 8;
/** Below the frame's own address: the function, the bytecodes and the place in them. */
const FRAME = { fn: 16, bytecodes: 32, offset: 40 } as const;
const MAX_STACK_BYTES = 1_000_000;

/**
 * Reads the stack of a Node process that no inspector can interrupt, because a system call holds its JavaScript up. It
 * is read from outside, and nothing of it is disturbed.
 *
 * @param pid the process
 * @returns the frames of modules in the form of Node's stacks; of code that is compiled to machine code there are none
 * @throws the system's error when it does not let the memory be read
 */
export function readHeldStack(pid: number): string {
  const call = readSystemCall(pid);
  if (call === undefined) return '';
  return withMemory(pid, (memory) => {
    const stack = memory.read(call.stackPointer, stackBytes(pid, call.stackPointer));
    return findFrames(memory, stack, call.stackPointer).map(describe).join('');
  });
}

function stackBytes(pid: number, pointer: bigint): number {
  const maps = readFileSync(`/proc/${pid}/maps`, 'latin1');
  const [, end] = /^\w+-(\w+) .*\[stack\]$/m.exec(maps) ?? [];
  return Math.min(Number(BigInt(`0x${end ?? 0}`) - pointer), MAX_STACK_BYTES);
}

/** Each frame holds the address of its caller's. What was left behind by earlier calls is in no such row. */
function findFrames(memory: Memory, stack: Buffer, pointer: bigint): readonly FrameCode[] {
  const word = (at: number) => (at >= 0 && at + WORD_BYTES <= stack.length ? stack.readBigUInt64LE(at) : 0n);
  const callerOf = (at: number) => {
    const caller = Number(word(at) - pointer);
    return caller > at && caller < stack.length && caller % WORD_BYTES === 0 ? caller : undefined;
  };
  const rows = new Map<number, readonly FrameCode[]>();
  let longest: readonly FrameCode[] = [];
  // From the outermost on, so that the row of each caller is known.
  for (let at = stack.length - WORD_BYTES; at >= FRAME.offset; at -= WORD_BYTES) {
    const caller = callerOf(at);
    if (caller === undefined) continue;
    const [fn, bytecodes, offset] = [
      word(at - FRAME.fn),
      word(at - FRAME.bytecodes),
      word(at - FRAME.offset),
    ];
    const code = readFrameCode(memory, fn, bytecodes, offset);
    const outer = rows.get(caller) ?? [];
    const row = code === undefined ? outer : [code, ...outer];
    rows.set(at, row);
    if (row.length > longest.length) longest = row;
  }
  return longest;
}

function describe({ script, offset, positions }: FrameCode): string {
  const position = sourcePosition(positions, offset);
  if (position === undefined || !script.startsWith('file:')) return '';
  const before = readText(fileURLToPath(script)).slice(0, position).split('\n');
  return `    at ${script}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}\n`;
}
