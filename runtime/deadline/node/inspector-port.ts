import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/**
 * The TCP ports on which a process listens over IPv4, in the order of their descriptors. What tells a debugger's port
 * otherwise, a line on standard error, would come into the function's log.
 *
 * Source: proc_pid_net(5).
 *
 * @param pid the process
 */
export function listeningPorts(pid: number): ReadonlySet<number> {
  const ports = new Map<string, number>();
  for (const line of readFileSync(`/proc/${pid}/net/tcp`, 'latin1').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] !== LISTENING) continue;
    ports.set(fields[9] ?? '', Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
  }
  const descriptors = readdirSync(`/proc/${pid}/fd`).sort((one, other) => Number(one) - Number(other));
  return new Set(descriptors.flatMap((name) => ports.get(socketInode(pid, name) ?? '') ?? []));
}

function socketInode(pid: number, descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
  } catch {
    // Closed since.
    return undefined;
  }
}
