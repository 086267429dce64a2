import { PilotlightError } from '../errors.ts';
import { errorAnswer } from './error-answer.ts';
import type { Answer, Invocation } from './invocation.ts';

/** The first try and two more: an event that always breaks off would else be asked for without end. */
const TRIES = 3;

/**
 * Makes what counts how often the same event broke off on its way from Lambda.
 *
 * @returns says of an event that broke off what its answer is, or `undefined` when it is to be asked for again: Lambda
 *   replays an event that was not answered
 */
export function createBrokenEvents(): (invocation: Invocation) => Answer | undefined {
  let last = '';
  let times = 0;
  return ({ requestId }) => {
    times = requestId === last ? times + 1 : 1;
    last = requestId;
    if (times < TRIES) return undefined;
    return errorAnswer(
      new PilotlightError('EVENT_CUT_OFF', `Cannot read the event: its connection broke ${times} times`),
    );
  };
}
