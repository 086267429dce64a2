import { PilotlightError } from '../errors.ts';
import type { Findings } from './findings.ts';

/**
 * The error for an invocation that is given up: it begins with Lambda's own words, then says where the code stands.
 *
 * @param timeoutS the function's timeout
 * @param findings what is known
 */
export function timeoutError(timeoutS: number, findings: Partial<Findings>): PilotlightError {
  const { frames = [], awaits = [], handler, pending = [], children = [], systemCall, loopLagMs } = findings;
  const { othersFrame } = findings;
  const waitsFor = [...pending, ...children.map((command) => `the process ${command}`)].join(', ');
  const told = describePlace(findings, waitsFor);
  const message = `Task timed out after ${timeoutS.toFixed(2)} seconds${told === '' ? '' : `: ${told}`}`;
  return new PilotlightError('DEADLINE', message, {
    trace: [
      ...frames.map((frame) => `    at ${frame}`),
      ...(frames.length === 0 && handler !== undefined ? [`handler: ${handler}`] : []),
      ...awaits.map((line) => `await: ${line}`),
      ...(othersFrame === undefined ? [] : [`another invocation: ${othersFrame}`]),
      ...pending.map((one) => `waits for: ${one}`),
      ...children.map((command) => `child process: ${command}`),
      ...(systemCall === undefined ? [] : [`system call: ${systemCall}`]),
      ...(loopLagMs === undefined ? [] : [`event loop lag: ${loopLagMs} ms`]),
    ],
  });
}

/**
 * Where the code stands, in a few words.
 *
 * @param findings what is known
 * @param waitsFor what it waits for
 * @returns empty when nothing is known
 */
export function describePlace(
  {
    frames = [],
    awaits = [],
    handler,
    children = [],
    systemCall,
    others = 0,
    othersFrame,
  }: Partial<Findings>,
  waitsFor = '',
): string {
  const company = others === 0 ? '' : ` (of ${others + 1} invocations)`;
  const beside = othersFrame === undefined ? '' : `; another invocation runs at ${othersFrame}`;
  const because = (waitsFor === '' ? '' : `, pending${company}: ${waitsFor}`) + beside;
  // Above it may be what the language brings, such as `RegExp.test (<anonymous>)`.
  const frame = frames.find((one) => /:\d+\)?$/.test(one));
  if (frame !== undefined) {
    const held = children.length > 0 ? waitsFor : systemCall;
    return `the code stands at ${frame}${held === undefined ? '' : `, in ${held}`}`;
  }
  if (systemCall !== undefined) return `the worker is in ${systemCall}${because}`;
  if (awaits[0] !== undefined) return `the code awaits at ${awaits[0]}${because}`;
  if (handler !== undefined) return `the handler at ${handler} has not settled${because}`;
  return waitsFor && `pending: ${waitsFor}`;
}

/**
 * A line of the log for such an error, with its trace.
 *
 * @param requestId of the invocation
 * @param error the error
 */
export function describeInFull(requestId: string, { message, trace }: PilotlightError): string {
  return [`${requestId} ${message}`, ...trace].join('\r');
}
