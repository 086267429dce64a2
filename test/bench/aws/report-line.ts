import { ToolError } from '../../../runtime/cli/tool-error.ts';

/** What the platform says of an invocation in its REPORT line. */
export interface ReportLine {
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memorySizeMB: number;
  readonly maxMemoryMB: number;
  /** Of a cold start: its init, or its restore from a snapshot. */
  readonly initMs: number | undefined;
}

const FIELDS = {
  durationMs: /^Duration: (\d+(?:\.\d+)?) ms$/,
  billedMs: /^Billed Duration: (\d+) ms$/,
  memorySizeMB: /^Memory Size: (\d+) MB$/,
  maxMemoryMB: /^Max Memory Used: (\d+) MB$/,
  initMs: /^(?:Init|Restore) Duration: (\d+(?:\.\d+)?) ms$/,
} as const;

/**
 * Reads the REPORT line of an invocation. Fields that are not known are passed over, AWS adds some; those that are
 * must be there, once, and in the units that AWS documents.
 *
 * @param logTail end of the log, as `LogType: Tail` returns it
 * @param requestId of the invocation; a function may log lines that look alike
 * @throws {ToolError} `CANNOT` when there is no such line, or a field is missing, doubled or in another unit
 */
export function parseReportLine(logTail: string, requestId: string): ReportLine {
  const start = `REPORT RequestId: ${requestId}\t`;
  const line = logTail.split('\n').findLast((candidate) => candidate.startsWith(start));
  if (line === undefined) {
    const message = `Cannot measure: the log has no REPORT line for request "${requestId}"`;
    throw new ToolError('CANNOT', message, { next: 'Set the log format of the function to Text' });
  }
  const fields = line
    .slice(start.length)
    .split('\t')
    .map((field) => field.trim());
  const read = (name: keyof typeof FIELDS): number | undefined => {
    const found = fields.flatMap((field) => FIELDS[name].exec(field)?.[1] ?? []);
    if (found.length > 1) throw unreadable(line, `${name} is there ${found.length} times`);
    return found[0] === undefined ? undefined : Number(found[0]);
  };
  const must = (name: keyof typeof FIELDS): number => {
    const value = read(name);
    if (value === undefined) throw unreadable(line, `${name} is missing`);
    return value;
  };
  return {
    durationMs: must('durationMs'),
    billedMs: must('billedMs'),
    memorySizeMB: must('memorySizeMB'),
    maxMemoryMB: must('maxMemoryMB'),
    initMs: read('initMs'),
  };
}

function unreadable(line: string, reason: string): ToolError {
  return new ToolError('CANNOT', `Cannot read the line "${line.trim()}": ${reason}`);
}
