import { headerOf } from './http1/head.ts';
import type { Invocation } from './lambda-api/invocation.ts';
import { DEADLINE_HEADER } from './lambda-api/names.ts';

/** Lambda is the first to act at a deadline: by then it has told the caller, and counts the invocation no more. */
const MARGIN_MS = 100;

/**
 * Frees a poller whose invocation is overdue. On Managed Instances code runs on past its deadline; handlers that hang
 * would take one poller after the other until nobody asks for events.
 *
 * @param invocation carries its deadline
 * @param goOn takes the next event
 * @returns to be called when the invocation's answer is over; whichever comes first goes on, once
 */
export function goOnAtDeadline({ lines }: Invocation, goOn: () => void): () => void {
  const deadlineMs = Number(headerOf(lines, DEADLINE_HEADER));
  if (Number.isNaN(deadlineMs)) return goOn;
  let hasGoneOn = false;
  const once = () => {
    if (hasGoneOn) return;
    hasGoneOn = true;
    clearTimeout(timer);
    goOn();
  };
  const timer = setTimeout(once, deadlineMs - Date.now() + MARGIN_MS);
  return once;
}
