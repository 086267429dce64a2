import type { BenchResult } from '../result.ts';
import type { MeasuredScenario } from './answer.ts';
import type { Look } from './looks.ts';
import { type Markup, markup } from './markup.ts';

/**
 * The top of the page: the answer, warnings, what was measured, when, by which command and on what machine.
 *
 * @param result of the run
 * @param answer the sentence that most came for
 */
export function pageHead(result: BenchResult, answer: string): Markup {
  const { machine, command, warnings } = result;
  const facts: readonly (readonly [string, string])[] = [
    ['when', `${result.startedAt.slice(0, 16).replace('T', ' ')} UTC, took ${Math.round(result.tookS)} s`],
    [
      'machine',
      `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}, ${Math.round(machine.memoryMiB / 102.4) / 10} GiB`,
    ],
    ['system', `${machine.kernel}, Node ${machine.node}`],
    ['state', stateOf(machine)],
  ];
  return markup`<header>
<p class="kind">pilotlight bench</p>
<h1>${answer}</h1>
${warnings.length > 0 && markup`<div class="warnings" role="note" aria-label="Warnings"><p><strong>Read the figures with care</strong></p><ul>${warnings.map((warning) => markup`<li>${warning}</li>`)}</ul></div>`}
<dl>${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}<div class="command"><dt>command</dt><dd><code>${command}</code></dd></div></dl>
<p class="method">One driver speaks the Runtime API and sends the next event once the answer is there. In each round every candidate runs once, alone, in a fresh environment, and the order rotates; each answer was checked. Latency: from just before the event is written until the last byte of the answer was read. Turnaround: until the next poll has arrived too. Ratios are taken within a round.</p>
</header>
`;
}

/**
 * The candidates with their colours and versions; buttons to light one up, where scripts run.
 *
 * @param candidates of the run
 * @param looks of all of them
 */
export function candidateList(
  candidates: BenchResult['candidates'],
  looks: ReadonlyMap<string, Look>,
): Markup {
  const item = ({ name, description, role, versions, repeats }: BenchResult['candidates'][number]) => {
    const look = looks.get(name);
    const of = repeats === undefined ? '' : ` of ${repeats}`;
    const kind = role === 'peer' ? undefined : markup` <em>${role}${of}</em>`;
    const made = Object.entries(versions)
      .map(([what, version]) => `${what} ${version}`)
      .join(', ');
    return markup`<li data-candidate="${look?.key}"><svg class="key ${look?.paint}" viewBox="0 0 26 10" aria-hidden="true"><path class="line" stroke-dasharray="${look?.dash}" d="M1 5H25"/></svg><div><strong>${name}</strong>${kind}<br>${description}<br><small>${made}</small></div></li>
`;
  };
  return markup`<section aria-labelledby="candidates"><h2 id="candidates">Candidates</h2>
<ul class="candidates">${candidates.map(item)}</ul></section>
`;
}

/**
 * All scenarios and candidates at a glance: the ratio to the base in what each scenario is about.
 *
 * @param measured all scenarios
 * @param candidates of the run
 * @param cell how a scenario's candidate is shown
 * @param idOf the id of a scenario's section
 */
export function overview(
  measured: readonly MeasuredScenario[],
  candidates: BenchResult['candidates'],
  cell: (measured: MeasuredScenario, candidate: string) => Markup,
  idOf: (index: number) => string,
): Markup {
  return markup`<nav aria-labelledby="overview"><h2 id="overview">At a glance</h2>
<p class="extent">Ratios to the base, of time or, with several in flight, of throughput: green is better, red is worse, grey is no difference or unsure. Follow a row for its plots.</p>
<div class="scroll" tabindex="0" role="region" aria-label="At a glance"><table class="overview">
<thead><tr><th scope="col">scenario</th>${candidates.map(({ name }) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${measured.map((each, at) => markup`<tr><th scope="row"><a href="#${idOf(at)}">${each.scenario.title}</a></th>${candidates.map(({ name }) => cell(each, name))}</tr>\n`)}</tbody>
</table></div></nav>
`;
}

function stateOf({ load, governor, stealPercent }: BenchResult['machine']): string {
  const parts = [`load ${load.toFixed(2)} when it began`];
  if (governor !== undefined) parts.push(`governor ${governor}`);
  if (stealPercent !== undefined) parts.push(`${stealPercent.toFixed(1)} % given to others by the host`);
  return parts.join(', ');
}
