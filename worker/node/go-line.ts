import type { Readable } from 'node:stream';
import { type GoLine, type PartDigests, PROTOCOL_VERSION } from '../protocol.ts';
import { HostError } from './errors.ts';

/**
 * Waits for the bootstrap's word to begin.
 * @param input - the worker's standard input; it flows on afterwards
 * @returns the go line, or `undefined` when the input ended before: this worker is not needed
 * @throws HostError `Runtime.ProtocolMismatch`, `Runtime.WorkerStartFailed` when the line is not understood
 */
export async function readGoLine(input: Readable): Promise<GoLine | undefined> {
  const line = await readLine(input);
  return line === undefined ? undefined : parseGoLine(line);
}

/**
 * Parses the line that starts a worker.
 * @param line - what came on standard input
 * @returns the go line
 * @throws HostError `Runtime.ProtocolMismatch`, `Runtime.WorkerStartFailed` when a field is missing or no string
 */
export function parseGoLine(line: string): GoLine {
  const fields = parseObject(line);
  if (fields.protocol !== PROTOCOL_VERSION) throw protocolMismatch(fields.protocol);
  if (fields.kind !== 'go') throw unusable(`its kind is ${JSON.stringify(fields.kind)}, expected "go"`);
  const text = (name: string): string => {
    const value = fields[name];
    if (typeof value !== 'string' || value === '') throw unusable(`it has no "${name}"`);
    return value;
  };
  return {
    kind: 'go',
    protocol: PROTOCOL_VERSION,
    socket: text('socket'),
    token: text('token'),
    folder: text('folder'),
    handler: text('handler'),
    ...(fields.asyncTrace === true && { asyncTrace: true }),
    parts: readParts(fields.parts),
    ...(fields.isAhead === true && { isAhead: true }),
  };
}

/** An older bootstrap says nothing of them. */
function readParts(value: unknown): PartDigests {
  return typeof value === 'object' && value !== null ? value : {};
}

function readLine(input: Readable): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  let text = '';
  const onData = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    const end = text.indexOf('\n');
    if (end === -1) return;
    // Removing the listener does not pause the stream: its end must still be seen.
    input.off('data', onData);
    resolve(text.slice(0, end));
  };
  input.on('data', onData);
  input.once('close', () => resolve(undefined));
  return promise;
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw unusable('it is no JSON');
  }
  if (typeof value !== 'object' || value === null) throw unusable('it is no object');
  return value as Readonly<Record<string, unknown>>;
}

/** Bootstrap and host come in one layer, so one of them was put there by another layer or by the function. */
function protocolMismatch(theirs: unknown): HostError {
  const older = typeof theirs === 'number' && theirs > PROTOCOL_VERSION ? 'host' : 'bootstrap';
  return new HostError(
    'Runtime.ProtocolMismatch',
    `Cannot serve: the bootstrap speaks worker protocol ${JSON.stringify(theirs)}, this host ${PROTOCOL_VERSION}; update the runtime layer that brings the ${older}`,
  );
}

function unusable(reason: string): HostError {
  return new HostError('Runtime.WorkerStartFailed', `Cannot start: the go line is not usable, ${reason}`);
}
