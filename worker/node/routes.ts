import type { WholeBody } from '../../runtime/http1/whole-body.ts';
import {
  ANSWERED_HEADER,
  type FunctionError,
  INVOCATIONS_PATH,
  REHEARSALS_PATH,
  TOKEN_HEADER,
} from '../protocol.ts';
import type { Answer } from './answer.ts';
import type { HeaderLookup } from './context.ts';
import type { Invoker } from './invoke.ts';
import { isSameToken } from './is-same-token.ts';
import { JSON_TYPE_LINE } from './lambda-headers.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';

export interface HostRequest {
  readonly method: string;
  readonly path: string;
  readonly header: HeaderLookup;
  readonly body: WholeBody;
}

/** Answers a request once, at once or later; it never throws. */
export type HandleRequest = (request: HostRequest, respond: (answer: Answer) => void) => void;

/**
 * Makes the function that begins a connection; what it returns answers the connection's requests.
 * @param token - what the go line said; a request without it is refused
 * @param invoker - runs the invocations
 * @param isEnding - whether this process takes no further invocations
 * @param runStep - runs the function's hooks
 * @param chooseRehearsal - gives what runs the next invocation of no function
 * @returns the function
 */
export function createRoutes(
  token: string,
  invoker: Pick<Invoker, 'invoke'>,
  isEnding: () => boolean,
  runStep: Lifecycle['run'],
  chooseRehearsal: () => Invoker['invoke'],
): () => HandleRequest {
  const { invoke } = invoker;
  const route: HandleRequest = (request, respond) => {
    const { method, path } = request;
    if (method !== 'POST') return respond(plain(404));
    const isInvocation = path.startsWith(INVOCATIONS_PATH);
    // One call for both: what was compiled for rehearsals is to serve the event.
    if (isInvocation || path.startsWith(REHEARSALS_PATH)) {
      const base = isInvocation ? INVOCATIONS_PATH : REHEARSALS_PATH;
      return run(isInvocation ? invoke : chooseRehearsal(), base, request, respond);
    }
    void runStep(path).then(({ status, error }) => respond(plain(status, error)));
  };
  function run(
    play: Invoker['invoke'],
    base: string,
    { path, header, body }: HostRequest,
    respond: (answer: Answer) => void,
  ): void {
    const id = path.slice(base.length);
    const requestId = readRequestId(id);
    const answered = `${ANSWERED_HEADER}: ${id}\r\n`;
    const answer = ({ status, lines, body }: Answer): void =>
      respond({ status, lines: answered + lines, body });
    if (requestId === undefined) respond(plain(404));
    else if (isEnding()) answer(plain(503));
    else play({ requestId, header, body }, answer);
  }
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

function readRequestId(id: string): string | undefined {
  if (id === '') return undefined;
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
