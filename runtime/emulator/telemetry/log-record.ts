/**
 * What subscribers get of a line: in the format JSON the object it holds, as on Lambda; else the line itself.
 *
 * @param line as it was written
 * @param format the value of `AWS_LAMBDA_LOG_FORMAT`
 */
export function logRecord(line: string, format: string | undefined): unknown {
  if (format !== 'JSON' || !line.startsWith('{')) return line;
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
