/** One thing that happened, in the form in which it is sent. */
export interface TelemetryEvent {
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}
