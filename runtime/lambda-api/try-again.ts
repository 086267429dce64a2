import { PilotlightError } from '../errors.ts';
import type { HttpClient, HttpExchange, HttpRequest } from '../transport/http-client.ts';

/** At once for a connection that was idle too long, later ones for a server that starts again: a second in all. */
const WAITS_MS = [0, 10, 40, 160, 640];
/** The connection was lost, or could not be made; an answer that broke off has one of these too. */
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'TRUNCATED']);

/** Has a request sent again when its connection broke. */
export type TryAgain = (request: HttpRequest, exchange: HttpExchange) => HttpExchange;

/**
 * Makes what follows a try: the answer, another try on a fresh connection when one broke, or the end. Safe with the
 * Runtime API: a poll that was answered replays its event, an answer that had arrived is refused the second time (400
 * or 403).
 *
 * @param client sends
 * @param stopping aborted when no further event is wanted: polls are not sent again
 * @returns wraps who is told of a request, `PLATFORM_REFUSED` when all tries were in vain
 */
export function createTryAgain(client: HttpClient, stopping: AbortSignal): TryAgain {
  function trying(request: HttpRequest, exchange: HttpExchange, tries: number): HttpExchange {
    return {
      onAnswer: exchange.onAnswer,
      onError(error) {
        const waitMs = WAITS_MS[tries];
        const isOver = waitMs === undefined || (request.waits === true && stopping.aborted);
        const again = () => client.send(request, trying(request, exchange, tries + 1));
        if (isOver || !isBroken(error)) exchange.onError(unreachable(request.path, error));
        else if (waitMs === 0) again();
        else setTimeout(again, waitMs);
      },
    };
  }
  return (request, exchange) => trying(request, exchange, 0);
}

function isBroken(error: unknown): boolean {
  return BROKEN.has((error as NodeJS.ErrnoException).code ?? '');
}

function unreachable(path: string, cause: Error): PilotlightError {
  return new PilotlightError('PLATFORM_REFUSED', `Cannot reach ${path}: ${cause.message}`, { cause });
}
