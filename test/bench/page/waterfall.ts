import { bottomAxis, figure, NAMES_WIDTH, nameLabel, ofCandidate, round, WIDTH } from './drawing.ts';
import { fitText, formatTick, formatTime } from './format.ts';
import { type Markup, markup } from './markup.ts';
import { linearScale, type Scale } from './scale.ts';
import type { Series } from './series.ts';

const HEAD_HEIGHT = 26;
const ROW_HEIGHT = 22;
const GAP = 14;
const BAR_HEIGHT = 12;
const TOP = 4;
const VALUES_WIDTH = 66;
const TICK_DISTANCE = 62;

interface Phase {
  readonly name: string;
  readonly startNs: number;
  readonly endNs: number;
  readonly rounds: readonly number[];
}

/**
 * Plots the phases of an invocation one below the other, each beginning where the one before ended.
 *
 * @param series candidates with phases
 * @param about the scenario's title, for who cannot see the plot
 */
export function plotWaterfall(series: readonly Series[], about: string): Markup {
  const falls = series.map((one) => ({ look: one.look, phases: phasesOf(one) }));
  const most = Math.max(...falls.flatMap(({ phases }) => phases.map(({ endNs }) => endNs)), 1);
  const x = linearScale([0, most], [NAMES_WIDTH, WIDTH - VALUES_WIDTH], TICK_DISTANCE);
  let y = TOP;
  const blocks = falls.map(({ look, phases }) => {
    const top = y;
    y += HEAD_HEIGHT + phases.length * ROW_HEIGHT + GAP;
    const total = phases.at(-1)?.endNs ?? 0;
    return ofCandidate(look, [
      nameLabel(look, 0, top + HEAD_HEIGHT / 2),
      markup`<text class="value strong" x="${WIDTH}" y="${round(top + HEAD_HEIGHT / 2)}" dy=".35em" text-anchor="end">${formatTime(total)}</text>`,
      phases.map((phase, at) => row(phase, x, top + HEAD_HEIGHT + (at + 0.5) * ROW_HEIGHT)),
    ]);
  });
  const foot = y - GAP + 2;
  return figure({
    title: 'From sent to answered',
    note: 'Each phase ends with the moment that names it. Medians over the rounds.',
    label: `Phases of an invocation, ${about}: ${falls.map(({ look, phases }) => `${look.name}: ${phases.map(({ name, startNs, endNs }) => `${name} ${formatTime(endNs - startNs)}`).join(', ')}`).join('; ')}`,
    height: foot + 28,
    body: [bottomAxis(x, [TOP + HEAD_HEIGHT, foot], formatTick), blocks],
  });
}

function phasesOf({ row, runs }: Series): Phase[] {
  let startNs = 0;
  return row.summary.phases.map(({ name, medianNs }) => {
    const rounds = runs.flatMap(({ phases }) => phases?.find((phase) => phase.name === name)?.medianNs ?? []);
    const phase = { name, rounds, startNs, endNs: startNs + medianNs };
    startNs = phase.endNs;
    return phase;
  });
}

function row({ name, startNs, endNs, rounds }: Phase, x: Scale, y: number): Markup {
  const [start, end] = [round(x(startNs)), round(x(endNs))];
  return markup`<text class="tick" x="10" y="${round(y)}" dy=".35em">${fitText(name, 15)}</text>
<rect class="bar" x="${start}" y="${round(y - BAR_HEIGHT / 2)}" width="${round(Math.max(end - start, 1))}" height="${BAR_HEIGHT}"/>
${rounds.map((ns, at) => markup`<circle class="dot" cx="${round(x(startNs + ns))}" cy="${round(y + BAR_HEIGHT / 2 + 3)}" r="2"><title>round ${at + 1}: ${formatTime(ns)}</title></circle>`)}<text class="value" x="${WIDTH}" y="${round(y)}" dy=".35em" text-anchor="end">${formatTime(endNs - startNs)}</text>`;
}
