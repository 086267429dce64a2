/** What became of a case. */
export interface CaseResult {
  readonly name: string;
  readonly group: string;
  readonly clause: string;
  readonly source: string;
  readonly does: string;
  readonly expects: string;
  readonly proof: string | undefined;
  readonly verdict: 'pass' | 'fail' | 'not supported';
  /** Why it failed or is not supported. */
  readonly reason: string | undefined;
  /** The bytes on the wire and the bootstrap's last output, of a failure. */
  readonly observed: string | undefined;
  readonly durationMs: number;
}

/** What became of all cases of one bootstrap. */
export interface Judgement {
  readonly subject: string;
  readonly description: string;
  readonly results: readonly CaseResult[];
}
