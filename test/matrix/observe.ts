import { createHash } from 'node:crypto';
import type { LocalLambda } from '../../runtime/emulator/local-lambda.ts';
import { type Observations, observationKey } from './differences.ts';
import { normalize, ownTraces } from './normalize.ts';
import { PROBES, type Probe, type ProbedHandler } from './probes.ts';

/** A longer answer is told by its length and digest. */
const SHOWN_LENGTH = 5_000;
/** What the platform writes round an invocation; figures in it are never the same. */
const PLATFORM_LINE = /^(?:(?:START|END|REPORT|INIT_REPORT|INIT_START) |\{"time":"[^"]*","type":"platform\.)/;

/** Where a candidate's functions run. */
export interface ObservedLambda {
  readonly lambda: LocalLambda;
  /** Lines of a function's log so far, by its name. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/**
 * Asks a candidate every probe, one after the other.
 *
 * @param observed the local Lambda with its functions
 * @param functionNames of the functions, by handler
 * @param probes those that are asked
 * @returns what came back, in the probes' order
 */
export async function observe(
  { lambda, lines }: ObservedLambda,
  functionNames: Readonly<Record<ProbedHandler, string>>,
  probes: readonly Probe[] = PROBES,
): Promise<Observations> {
  const observations = new Map<string, unknown>();
  for (const probe of probes) {
    const { aspect, name, handler, event } = probe;
    const functionName = functionNames[handler];
    const before = lines.get(functionName)?.length ?? 0;
    const answer = await ask(lambda, functionName, event);
    if (aspect !== 'logs') observations.set(observationKey(aspect, name), answer);
    else {
      const printed = (lines.get(functionName) ?? []).slice(before);
      const own = printed.filter((line) => !PLATFORM_LINE.test(line));
      observations.set(
        observationKey(aspect, name),
        own.map((line) => withOwnTraces(line, functionName)),
      );
    }
  }
  return observations;
}

async function ask(lambda: LocalLambda, functionName: string, event: unknown): Promise<object> {
  const chunks: Uint8Array[] = [];
  let contentType: string | undefined;
  const result = await lambda.invoke(functionName, JSON.stringify(event), {
    clientContext: '{"client":{"installation_id":"i"},"custom":{"k":"v"},"env":{}}',
    cognitoIdentity: '{"cognitoIdentityId":"a","cognitoIdentityPoolId":"b"}',
    stream: {
      begin: (type) => {
        contentType = type;
      },
      write: (chunk) => {
        chunks.push(Uint8Array.from(chunk));
        return undefined;
      },
    },
  });
  const payload = Buffer.from(result.payload).toString();
  return {
    failed: result.failed,
    contentType: contentType ?? result.contentType,
    ...(result.errorType === undefined ? {} : { streamErrorType: result.errorType }),
    // To the byte: interpreters may write one value in several ways.
    ...(contentType === undefined ? {} : { streamed: shown(Buffer.concat(chunks).toString(), functionName) }),
    payload: result.failed ? withOwnTraces(payload, functionName) : shown(payload, functionName),
  };
}

function shown(text: string, functionName: string): string {
  if (text.length <= SHOWN_LENGTH) return normalize(text, functionName);
  return `${text.length} characters, SHA-256 ${createHash('sha256').update(text).digest('hex')}`;
}

function withOwnTraces(text: string, functionName: string): unknown {
  const normalized = normalize(text, functionName);
  try {
    return ownTraces(JSON.parse(normalized));
  } catch {
    return ownTraces(normalized);
  }
}
