import { type ProcessStat, readProcesses } from '../../process-stat.ts';
import { type ProcessIdentity, readNow, signalProcess, untilGone } from './process-table.ts';

/** What the processes of an environment without namespaces have in common. */
export interface TreeMarks {
  /** The bootstrap; it leads a session, so that its id is the session's. */
  readonly root: ProcessIdentity;
  /** When the bootstrap ended, in clock ticks, if it has: its id may be another's after that. */
  readonly rootEndedTicks: () => number | undefined;
  /** `NAME=value` of a variable that all inherit and no other environment has. */
  readonly variable: string;
}

/**
 * Ends all processes of an environment, also those that left its session and whose parents are gone. What escapes is
 * a process that left the session, lost its parents and had its variables cleared.
 *
 * @param marks by what they are known
 */
export async function endTree(marks: TreeMarks): Promise<void> {
  for (;;) {
    const members = await stopAll(marks);
    if (members.length === 0) return;
    for (const member of members) await signalProcess(member, 'SIGKILL');
    await Promise.all(members.map(untilGone));
  }
}

/** Stops before it kills, so that none starts another one meanwhile. */
async function stopAll(marks: TreeMarks): Promise<readonly ProcessIdentity[]> {
  const stopped = new Map<number, ProcessIdentity>();
  const refused = new Set<number>();
  for (;;) {
    const members = findMembers(marks);
    const fresh = members.filter(
      ({ pid, startTicks }) => stopped.get(pid)?.startTicks !== startTicks && !refused.has(pid),
    );
    if (fresh.length === 0) return [...stopped.values()];
    for (const member of fresh) {
      if (await signalProcess(member, 'SIGSTOP')) stopped.set(member.pid, member);
      else refused.add(member.pid);
    }
  }
}

function findMembers(marks: TreeMarks): readonly ProcessStat[] {
  const { root, variable } = marks;
  const rootEndedTicks = marks.rootEndedTicks() ?? Number.POSITIVE_INFINITY;
  // Whatever is older than the bootstrap, this process too, is none of its own.
  const younger = readProcesses().filter(({ startTicks }) => startTicks >= root.startTicks);
  const members = new Map<number, ProcessStat>();
  for (const entry of younger) {
    const inSession = entry.session === root.pid && entry.startTicks <= rootEndedTicks;
    if (inSession || hasVariable(entry.pid, variable)) members.set(entry.pid, entry);
  }
  let size: number;
  do {
    size = members.size;
    for (const entry of younger) if (members.has(entry.parentPid)) members.set(entry.pid, entry);
  } while (members.size > size);
  return [...members.values()];
}

/** Variables as they were when the process began its program; unreadable for those of other users. */
function hasVariable(pid: number, variable: string): boolean {
  return readNow(`/proc/${pid}/environ`)?.split('\0').includes(variable) === true;
}
