import { ANSWERED_HEADER } from '../../worker/protocol.ts';
import type { Fault } from './fault.ts';

/** What an event carries. */
export interface ChaosEvent {
  readonly n: number;
  readonly text: string;
  /** Name of the fault that strikes in the worker. */
  readonly fault?: string | undefined;
}

/**
 * Writes the function of a run: it tells on standard output which event it runs, fails as the event says, and returns
 * the rest of it.
 *
 * @param faults whose acts it knows
 */
export function functionBundle(faults: readonly Fault[]): string {
  const acts = faults.flatMap(({ name, inWorker }) =>
    inWorker === undefined ? [] : [`${JSON.stringify(name)}: ${expressionOf(inWorker)},`],
  );
  return `import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

const acts = {
${acts.join('\n')}
};
const connections = new Set();
// The host lets go of each connection that it takes, so that none keeps the process alive.
const { unref } = Socket.prototype;
Socket.prototype.unref = function () {
  if (this.writable) connections.add(this.once('close', () => connections.delete(this)));
  return unref.call(this);
};
globalThis.bootstrapConnections = () => [...connections];
globalThis.answerTo = (requestId, value) => {
  const body = JSON.stringify(value);
  return \`HTTP/1.1 200 OK\\r\\n${ANSWERED_HEADER}: \${requestId}\\r\\nContent-Length: \${body.length}\\r\\n\\r\\n\${body}\`;
};

export const handler = async ({ n, text, fault }, { awsRequestId }) => {
  writeSync(1, 'ran ' + awsRequestId + '\\n');
  const result = { n, text };
  if (fault !== undefined) await acts[fault]({ requestId: awsRequestId, result });
  return result;
};
`;
}

/** A method's text is an expression only within an object. */
function expressionOf(method: NonNullable<Fault['inWorker']>): string {
  const text = String(method);
  return text.startsWith('inWorker') ? `({ ${text} }).inWorker` : `(${text})`;
}
