/** From a value to a place on an axis, in units of the drawing. */
export interface Scale {
  (value: number): number;
  /** Where a grid line belongs, smallest first. */
  readonly ticks: readonly number[];
}

/** Steps within a decade, from fine to coarse. */
const LOG_STEPS = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/**
 * An axis on which equal distances are equal ratios.
 *
 * @param domain smallest and largest value, above 0
 * @param range where they lie
 * @param tickDistance the least distance between ticks, so that their labels do not touch
 * @returns the scale; values beyond the domain land at its ends
 */
export function logScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  tickDistance: number,
): Scale {
  const [lowLog, span] = [Math.log(low), Math.log(high / low) || 1];
  const place = (value: number) => {
    const share = value > 0 ? (Math.log(value) - lowLog) / span : 0;
    return from + clamp(share) * (to - from);
  };
  const ticks =
    high / low < 2 ? linearTicks([low, high], Math.abs(to - from) / tickDistance) : logTicks(low, high);
  return Object.assign(place, { ticks });

  function logTicks(first: number, last: number): number[] {
    const decades = range(Math.floor(Math.log10(first)), Math.ceil(Math.log10(last)));
    for (const steps of LOG_STEPS) {
      const found = decades
        .flatMap((decade) => steps.map((step) => Number((step * 10 ** decade).toPrecision(6))))
        .filter((value) => value >= first && value <= last);
      if (keepDistance(found.map(place), tickDistance)) return found;
    }
    const powers = decades.map((decade) => 10 ** decade).filter((value) => value >= first && value <= last);
    const every = Math.ceil((tickDistance * span) / (Math.LN10 * Math.abs(to - from)));
    return powers.filter((_, at) => at % every === 0);
  }
}

/**
 * An axis on which equal distances are equal differences.
 *
 * @param domain smallest and largest value
 * @param range where they lie
 * @param tickDistance the least distance between ticks
 * @returns the scale; values beyond the domain land at its ends
 */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  tickDistance: number,
): Scale {
  const place = (value: number) => from + clamp((value - low) / (high - low || 1)) * (to - from);
  return Object.assign(place, { ticks: linearTicks([low, high], Math.abs(to - from) / tickDistance) });
}

/** At most `most` round numbers (1, 2 or 5 times a power of ten apart) within the domain. */
function linearTicks([low, high]: readonly [number, number], most: number): number[] {
  const rough = (high - low || 1) / Math.max(most, 1);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * ([1, 2, 5].find((factor) => factor * decade >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return range(first, last).map((count) => Number((count * step).toPrecision(6)));
}

function keepDistance(places: readonly number[], distance: number): boolean {
  return places.every((place, at) => at === 0 || Math.abs(place - (places[at - 1] ?? place)) >= distance);
}

function clamp(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from + 1, 0) }, (_, at) => from + at);
}
