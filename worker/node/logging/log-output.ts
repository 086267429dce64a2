import { LINES_DESCRIPTOR } from '../../protocol.ts';
import { statDescriptor } from '../stat-descriptor.ts';
import { writeWhole } from '../write-whole.ts';
import { LEVEL_BITS, type Level } from './level.ts';

/** Takes a finished line without its end; it never throws. */
export type LogOutput = (level: Level, timeMs: number, line: string) => void;

const STANDARD_OUTPUT = 1;
const DESCRIPTOR_VARIABLE = '_LAMBDA_TELEMETRY_LOG_FD';
const FRAME_HEAD_BYTES = 16;
const JSON_FRAME = 0xa55a0002;
const TEXT_FRAME = 0xa55a0003;

/**
 * Chooses where log lines go: Lambda's own descriptor for them where it came through to this process, else standard
 * output, where one line is one event, so that line ends within it become carriage returns.
 * @param environment - the process's variables; the one that names the descriptor is taken out, it is not the function's
 * @param isJson - whether lines are JSON
 * @returns the output
 */
export function chooseOutput(environment: NodeJS.ProcessEnv, isJson: boolean): LogOutput {
  const named = environment[DESCRIPTOR_VARIABLE];
  delete environment[DESCRIPTOR_VARIABLE];
  if (named !== undefined && isLogDescriptor(Number(named))) return frameOutput(Number(named), isJson);
  return (_level, _timeMs, line) => {
    const oneLine = line.includes('\n') ? line.replaceAll('\n', '\r') : line;
    write(STANDARD_OUTPUT, Buffer.from(`${oneLine}\n`));
  };
}

/** One frame is one event: type, length, microseconds since 1970, then the line; numbers are big-endian. */
function frameOutput(descriptor: number, isJson: boolean): LogOutput {
  return (level, timeMs, line) => {
    // Lambda's own runtimes end text with a line feed here too, and the log's tail is put together from such events.
    const text = isJson ? line : `${line}\n`;
    const length = Buffer.byteLength(text);
    const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + length);
    frame.writeUInt32BE(((isJson ? JSON_FRAME : TEXT_FRAME) | LEVEL_BITS[level]) >>> 0, 0);
    frame.writeUInt32BE(length, 4);
    frame.writeBigUInt64BE(BigInt(timeMs) * 1000n, 8);
    frame.write(text, FRAME_HEAD_BYTES);
    write(descriptor, frame);
  };
}

/** As Node's own console does: a log that nobody reads any more is no failure of the function. */
function write(descriptor: number, bytes: Uint8Array): void {
  try {
    writeWhole(descriptor, bytes);
  } catch {
    // Nowhere is left to say it.
  }
}

/** The variable alone proves nothing: whatever started this process may have closed the descriptor. */
function isLogDescriptor(descriptor: number): boolean {
  if (!Number.isInteger(descriptor) || descriptor <= LINES_DESCRIPTOR) return false;
  try {
    const stat = statDescriptor(descriptor);
    return stat.isFIFO() || stat.isSocket() || stat.isFile();
  } catch {
    return false;
  }
}
