import { ToolError } from '../../runtime/cli/tool-error.ts';

/** Machines by their number in an ELF file's header, in Lambda's words. */
const MACHINES: ReadonlyMap<number, 'x86_64' | 'arm64'> = new Map([
  [62, 'x86_64'],
  [183, 'arm64'],
]);

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;

/** A part of the file that is mapped into memory when it is loaded. */
export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

/**
 * For which machine a file was built.
 *
 * @param file the file's bytes
 * @returns its architecture, or `undefined` when it is no 64-bit little-endian ELF file for one that Lambda has
 */
export function elfArch(file: Buffer): 'x86_64' | 'arm64' | undefined {
  const [is64Bit, isLittleEndian] = [file[4] === 2, file[5] === 1];
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return is64Bit && isLittleEndian ? MACHINES.get(file.readUInt16LE(18)) : undefined;
}

/**
 * Reads an ELF file's program headers.
 *
 * @param file the file's bytes
 * @param name what to call it in an error
 * @throws {ToolError} `CANNOT` when it is no 64-bit little-endian ELF file for x86_64 or arm64, or is cut short
 */
export function elfSegments(file: Buffer, name: string): Segment[] {
  if (elfArch(file) === undefined) {
    throw new ToolError('CANNOT', `Cannot read "${name}": not a 64-bit ELF file for x86_64 or arm64`);
  }
  const start = Number(file.readBigUInt64LE(32));
  const count = file.readUInt16LE(56);
  if (count === 0 || file.readUInt16LE(54) !== PROGRAM_HEADER_BYTES) {
    throw new ToolError('CANNOT', `Cannot read "${name}": it has no program headers of the expected size`);
  }
  if (start + count * PROGRAM_HEADER_BYTES > file.length) throw cutShort(name, file);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * PROGRAM_HEADER_BYTES;
    const segment = {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      bytes: Number(file.readBigUInt64LE(at + 32)),
    };
    if (segment.offset + segment.bytes > file.length) throw cutShort(name, file);
    return segment;
  });
}

/**
 * Cuts an ELF file to what its program headers cover: what the system maps to run it. Symbols for debuggers and the
 * section headers that describe them go, as with `strip --strip-all`, but the same way on every machine.
 *
 * @param file the file's bytes, left as they are
 * @param name what to call it in an error
 * @returns a shorter copy
 * @throws {ToolError} `CANNOT` as {@link elfSegments} does
 */
export function cutElf(file: Buffer, name: string): Buffer {
  const end = Math.max(...elfSegments(file, name).map(({ offset, bytes }) => offset + bytes));
  const cut = Buffer.from(file.subarray(0, end));
  cut.writeBigUInt64LE(0n, 40); // e_shoff
  cut.writeUInt16LE(0, 60); // e_shnum
  cut.writeUInt16LE(0, 62); // e_shstrndx
  return cut;
}

function cutShort(name: string, file: Buffer): ToolError {
  return new ToolError('CANNOT', `Cannot read "${name}": its headers point past its ${file.length} bytes`);
}
