import type { Memory } from '../process/memory.ts';

/**
 * Where things are in the memory of V8 13.6, which Node 24 has all its life. Source: the `v8dbg_` symbols that Node's
 * binary carries for debuggers. What does not look as it says here is taken for nothing.
 */
const TYPES = { firstFunction: 2065, lastFunction: 2081, script: 167, bytecodes: 186 } as const;
const MAP = { instanceType: 12n } as const;
const FUNCTION = { shared: 32n } as const;
const SHARED = { script: 40n } as const;
const SCRIPT = { name: 16n } as const;
const STRING = { length: 12n, characters: 16n, isIndirect: 0x7, isOneByte: 0x8, isNone: 0xff80 } as const;
const BYTECODES = { length: 8n, positions: 24n, header: 64 } as const;
const BYTES = { length: 8n, first: 16n } as const;
const MAX_NAME_CHARS = 4_096;
const MAX_TABLE_BYTES = 1_000_000;
/** A pointer to an object has this in its lowest bits, a small number a zero. */
const POINTER_TAG = 1n;
const SMALL_NUMBER_SHIFT = 32n;

/** The code that a frame of a function runs. */
export interface FrameCode {
  /** The name of the script, for modules a `file:` URL. */
  readonly script: string;
  /** From which byte of the bytecodes. */
  readonly offset: number;
  /** Which source position belongs to which bytecode. */
  readonly positions: Buffer;
}

/**
 * Reads what an interpreted frame holds.
 *
 * @param memory the process's
 * @param fn the frame's function, if it is a frame
 * @param bytecodes the frame's bytecodes
 * @param bytecodeOffset where it is in them
 * @returns `undefined` when it is no such frame
 */
export function readFrameCode(
  memory: Memory,
  fn: bigint,
  bytecodes: bigint,
  bytecodeOffset: bigint,
): FrameCode | undefined {
  try {
    const type = typeOf(memory, fn);
    if (type < TYPES.firstFunction || type > TYPES.lastFunction) return undefined;
    const script = field(memory, field(memory, fn, FUNCTION.shared), SHARED.script);
    if (typeOf(memory, script) !== TYPES.script || typeOf(memory, bytecodes) !== TYPES.bytecodes)
      return undefined;
    const offset = smallNumber(bytecodeOffset) - BYTECODES.header + Number(POINTER_TAG);
    if (offset < 0 || offset >= smallNumber(field(memory, bytecodes, BYTECODES.length))) return undefined;
    const positions = readBytes(memory, field(memory, bytecodes, BYTECODES.positions));
    return { script: readString(memory, field(memory, script, SCRIPT.name)), offset, positions };
  } catch {
    // A number that is no address.
    return undefined;
  }
}

function typeOf(memory: Memory, object: bigint): number {
  if ((object & 3n) !== POINTER_TAG) return -1;
  return at(memory, field(memory, object, 0n), MAP.instanceType, 2).readUInt16LE();
}

function field(memory: Memory, object: bigint, offset: bigint): bigint {
  return at(memory, object, offset, 8).readBigUInt64LE();
}

function at(memory: Memory, object: bigint, offset: bigint, bytes: number): Buffer {
  return memory.read(object - POINTER_TAG + offset, bytes);
}

function smallNumber(value: bigint): number {
  return Number(BigInt.asIntN(64, value) >> SMALL_NUMBER_SHIFT);
}

function readBytes(memory: Memory, array: bigint): Buffer {
  const length = smallNumber(field(memory, array, BYTES.length));
  return at(memory, array, BYTES.first, Math.max(0, Math.min(length, MAX_TABLE_BYTES)));
}

/** Only those that hold their characters themselves, as names of scripts do. */
function readString(memory: Memory, string: bigint): string {
  const type = typeOf(memory, string);
  if ((type & (STRING.isIndirect | STRING.isNone)) !== 0) return '';
  const length = Math.min(at(memory, string, STRING.length, 4).readInt32LE(), MAX_NAME_CHARS);
  return (type & STRING.isOneByte) !== 0
    ? at(memory, string, STRING.characters, length).toString('latin1')
    : at(memory, string, STRING.characters, 2 * length).toString('utf16le');
}
