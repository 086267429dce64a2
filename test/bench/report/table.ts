import type { BenchResult, CandidateInfo } from '../result.ts';
import { scenarioTables } from './scenario-tables.ts';

const LEGEND = `Latency is the time from just before an event is written until its answer has been read; \`turn\`, the
turnaround, lasts until the next poll has arrived. Figures are medians over the rounds, \`rounds\` their range.
\`to base\` is the median over the rounds of the ratio to {base} in the same round; behind it the 95 % confidence
interval and what may be said: \`faster\`, \`slower\`, \`draw\` (no difference was shown) or \`unsure\` (too much
noise, or too few rounds).
\`MB\` is what the environment adds to the memory in use (PSS of all its processes), \`CPU µs\` their user and system
time an invocation.`;

/**
 * Writes a run's figures for people, as Markdown that is aligned in a terminal too.
 *
 * @param result the run
 * @returns machine, command and candidates, tables for each scenario, what the columns mean, and the warnings
 */
export function writeTables(result: BenchResult): string {
  const { candidates, scenarios, warnings } = result;
  const base = candidates.find(({ role }) => role === 'base')?.name;
  const parts = [
    headOf(result),
    candidates.map(candidateLine).join('\n'),
    ...scenarios.map((scenario) => scenarioTables(scenario, candidates)),
    LEGEND.replace('{base}', base === undefined ? 'the base' : `"${base}"`),
    warnings.map((warning) => `- Warning: ${warning}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headOf({ machine, command, startedAt, tookS }: BenchResult): string {
  const facts = [
    machine.cpu,
    `${machine.cores} cores`,
    `${(machine.memoryMiB / 1024).toFixed(0)} GiB`,
    `kernel ${machine.kernel}`,
    `Node ${machine.node}`,
    `load ${machine.load.toFixed(2)} before`,
  ];
  const when = `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.ceil(tookS)} s`;
  return `\`${command}\`\\\n${facts.join(', ')}\\\n${when}`;
}

function candidateLine({ name, description, versions, role, repeats }: CandidateInfo): string {
  const parts = Object.entries(versions).map(([part, version]) => `${part} ${version}`);
  const marks = { base: ', the base', floor: '', control: `, the control of ${repeats}`, peer: '' };
  const made = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `- **${name}**${marks[role]}: ${description}${made}`;
}
