/** A mistake in the fixture's bootstrap: one text becomes another, and one case is made to find it. */
export interface Defect {
  readonly name: string;
  /** The case that finds it. */
  readonly finds: string;
  /** Stands in the fixture exactly once. */
  readonly text: string;
  readonly becomes: string;
}

/** The same in a line. */
export type DefectRow = readonly [name: string, finds: string, text: string, becomes: string];
