import { type FunctionError, LINES_DESCRIPTOR, PROTOCOL_VERSION, type WorkerLine } from '../protocol.ts';
import { INTERPRETER } from './interpreter.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Writes a line to the bootstrap, whole and at once: what follows may be the end of the process. Node marks inherited
 * descriptors close-on-exec, so the function's own children never see this one.
 * @param line - what to say
 */
export function writeLine(line: WorkerLine): void {
  writeWhole(LINES_DESCRIPTOR, Buffer.from(`${JSON.stringify(line)}\n`));
}

/**
 * Says that the worker can take invocations.
 * @param shutdownHook - whether the function has something to run before its end
 */
export function writeReady(shutdownHook: boolean): void {
  writeLine({
    kind: 'ready',
    protocol: PROTOCOL_VERSION,
    host: INTERPRETER.name,
    interpreter: INTERPRETER.version,
    concurrent: true,
    stream: true,
    shutdownHook,
    rehearses: true,
  });
}

/**
 * Says that the worker could not start.
 * @param error - what the function's callers will see
 */
export function writeInitError(error: FunctionError): void {
  writeLine({ kind: 'initError', protocol: PROTOCOL_VERSION, ...error });
}
