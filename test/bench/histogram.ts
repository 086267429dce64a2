import * as hdr from 'hdr-histogram-js';

/** The longest time that is told apart from longer ones: nothing that is measured here may take a minute. */
const MAX_NS = 60_000_000_000;
const SIGNIFICANT_DIGITS = 3;

/** How often a time occurred; times that differ by less than a thousandth count as one. */
export interface Bucket {
  readonly ns: number;
  readonly count: number;
}

/** A distribution of times in nanoseconds, exact to three digits, which travels as text. */
export class Histogram {
  readonly #hdr: hdr.Histogram;

  private constructor(histogram: hdr.Histogram) {
    this.#hdr = histogram;
  }

  /** An empty one. */
  static create(): Histogram {
    return new Histogram(build());
  }

  /**
   * Reads what `encode()` wrote, or any compressed HDR histogram in base64.
   *
   * @throws when the text is none
   */
  static decode(text: string): Histogram {
    return new Histogram(hdr.decodeFromCompressedBase64(text, 32, false));
  }

  /** All of several, in one. */
  static merge(histograms: readonly Histogram[]): Histogram {
    const sum = build();
    for (const histogram of histograms) sum.add(histogram.#hdr);
    return new Histogram(sum);
  }

  /** Adds a time; more than a minute counts as a minute. */
  record(ns: number): void {
    this.#hdr.recordValue(Math.min(Math.max(Math.round(ns), 0), MAX_NS));
  }

  /** The time that `percent` of all times do not exceed, for example 99.9; 0 when nothing was recorded. */
  percentile(percent: number): number {
    return this.count === 0 ? 0 : this.#hdr.getValueAtPercentile(percent);
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.#hdr.mean;
  }

  get max(): number {
    return this.count === 0 ? 0 : this.#hdr.maxValue;
  }

  get count(): number {
    return this.#hdr.totalCount;
  }

  /** What was recorded, the shortest time first, for plots and statistics. */
  buckets(): Bucket[] {
    const buckets: Bucket[] = [];
    const iterator = (this.#hdr as hdr.JsHistogram).recordedValuesIterator;
    iterator.reset();
    while (iterator.hasNext()) {
      const { valueIteratedTo, countAtValueIteratedTo } = iterator.next();
      buckets.push({ ns: valueIteratedTo, count: countAtValueIteratedTo });
    }
    return buckets;
  }

  /** As compressed base64, the form that HDR histograms have in every language. */
  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#hdr);
  }
}

function build(): hdr.Histogram {
  return hdr.build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_NS,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
    autoResize: false,
    useWebAssembly: false,
  });
}
