import {
  ANSWERED_HEADER,
  type FunctionError,
  INVOCATIONS_PATH,
  REHEARSAL_PATH,
  TOKEN_HEADER,
} from '../protocol.ts';
import type { HeaderLookup } from './context.ts';
import type { Answer, Invoker } from './invoke.ts';
import { isSameToken } from './is-same-token.ts';
import { JSON_TYPE_LINE } from './lambda-headers.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';

export interface HostRequest {
  readonly method: string;
  readonly path: string;
  readonly header: HeaderLookup;
  readonly body: Buffer;
}

/** Answers a request once, at once or later; it never throws. */
export type HandleRequest = (request: HostRequest, respond: (answer: Answer) => void) => void;

/**
 * Makes the function that begins a connection; what it returns answers the connection's requests.
 * @param token - what the go line said; a request without it is refused
 * @param invoker - runs the invocations
 * @param isEnding - whether this process takes no further invocations
 * @param runStep - runs the function's hooks
 * @param createRehearsal - makes what runs through invocations of no function
 * @returns the function
 */
export function createRoutes(
  token: string,
  invoker: Invoker,
  isEnding: () => boolean,
  runStep: Lifecycle['run'],
  createRehearsal: () => Invoker['invoke'],
): () => HandleRequest {
  let rehearse: Invoker['invoke'] | undefined;
  const route: HandleRequest = (request, respond) => {
    const { method, path, header } = request;
    if (method !== 'POST') return respond(plain(404));
    const requestId = readRequestId(path);
    if (requestId === undefined) {
      if (path === REHEARSAL_PATH) {
        rehearse ??= createRehearsal();
        return rehearse({ requestId: 'rehearsal', header, body: request.body }, respond);
      }
      void runStep(path).then(({ status, error }) => respond(plain(status, error)));
      return;
    }
    const answered = `${ANSWERED_HEADER}: ${path.slice(INVOCATIONS_PATH.length)}\r\n`;
    const answer = ({ status, lines, body }: Answer): void =>
      respond({ status, lines: answered + lines, body });
    if (isEnding()) return answer(plain(503));
    invoker.invoke({ requestId, header, body: request.body }, answer);
  };
  return () => {
    // Compared in constant time once a connection: the loop would cost a young worker a microsecond of every invocation.
    let proven: string | undefined;
    return (request, respond) => {
      const given = request.header(TOKEN_HEADER);
      if (given === undefined || (given !== proven && !isSameToken(given, token))) return respond(plain(403));
      proven = given;
      route(request, respond);
    };
  };
}

function readRequestId(path: string): string | undefined {
  if (!path.startsWith(INVOCATIONS_PATH) || path.length === INVOCATIONS_PATH.length) return undefined;
  const id = path.slice(INVOCATIONS_PATH.length);
  if (!id.includes('%')) return id;
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

function plain(status: number, error?: FunctionError): Answer {
  if (error === undefined) return { status, lines: '', body: Buffer.alloc(0) };
  return { status, lines: JSON_TYPE_LINE, body: Buffer.from(JSON.stringify(error)) };
}
