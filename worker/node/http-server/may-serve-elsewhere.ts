/** What Node calls child processes and the channels of worker threads. */
const ELSEWHERE = ['ProcessWrap', 'MessagePort'];

/**
 * Says whether the function has a process or a thread that may serve for it.
 * @returns true where there may be servers of which nothing is announced here
 */
export function mayServeElsewhere(): boolean {
  return process.getActiveResourcesInfo().some((name) => ELSEWHERE.includes(name));
}
