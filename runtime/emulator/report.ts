/** Fields of a REPORT line. */
export interface ReportFields {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memorySizeMiB: number;
  readonly memoryBytes: number;
  readonly initMs: number | undefined;
  /** Set when the platform, not the function, ended the invocation. */
  readonly failure: { readonly status: string; readonly errorType: string } | undefined;
}

/** The line before an init; a local environment has no published runtime version. */
export const INIT_START_LINE =
  'INIT_START Runtime Version: provided:al2023.local\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:local';

/**
 * The line after an init that failed.
 *
 * @param phase `init` before the first invocation, `invoke` when init is repeated inside one
 */
export function initReportLine(
  initMs: number,
  phase: 'init' | 'invoke',
  failure: { readonly status: string; readonly errorType?: string },
): string {
  const errorType = failure.errorType === undefined ? '' : `\tError Type: ${failure.errorType}`;
  return `INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${failure.status}${errorType}`;
}

/** The line that opens an invocation in the log. */
export function startLine(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}`;
}

/** The line after the function's own output. */
export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

/** The line with an invocation's figures, separated by tabs as in CloudWatch. */
export function reportLine(fields: ReportFields): string {
  const { failure } = fields;
  return [
    `REPORT RequestId: ${fields.requestId}`,
    `Duration: ${fields.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${fields.billedMs} ms`,
    `Memory Size: ${fields.memorySizeMiB} MB`,
    `Max Memory Used: ${Math.ceil(fields.memoryBytes / 2 ** 20)} MB`,
    fields.initMs === undefined ? '' : `Init Duration: ${fields.initMs.toFixed(2)} ms`,
    failure === undefined ? '' : `Status: ${failure.status}`,
    failure?.status === 'error' ? `Error Type: ${failure.errorType}` : '',
  ]
    .filter((field) => field !== '')
    .join('\t');
}

/** The line for an extension once the environment has initialised. */
export function extensionLine(name: string, events: Iterable<string>): string {
  return `EXTENSION\tName: ${name}\tState: Ready\tEvents: [${[...events].join(', ')}]`;
}
