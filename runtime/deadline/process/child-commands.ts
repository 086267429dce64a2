import { readdirSync } from 'node:fs';
import { readProcessArguments } from '../../process-arguments.ts';
import { readProcessStat } from '../../process-stat.ts';

/** A command line may hold a whole script. */
const MAX_CHARS = 200;

/**
 * The command lines of a process's children and of theirs.
 *
 * @param pid the process
 * @returns each in quotes with its process id, parents before their children
 */
export function childCommands(pid: number): readonly string[] {
  const byParent = Map.groupBy(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
    (child) => readProcessStat(child)?.parentPid,
  );
  const descend = (parent: number): string[] =>
    (byParent.get(parent) ?? []).flatMap((child) => [`"${commandOf(child)}" (${child})`, ...descend(child)]);
  return descend(pid);
}

function commandOf(pid: number): string {
  const command = readProcessArguments(pid).join(' ');
  return command.length > MAX_CHARS ? `${command.slice(0, MAX_CHARS)}…` : command;
}
