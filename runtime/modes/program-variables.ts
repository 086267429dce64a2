/** By this name every runtime hands the trace id on. */
const TRACE_ID_VARIABLE = '_X_AMZN_TRACE_ID';

/**
 * What a program learns of its event: each of Lambda's headers as a variable, `LAMBDA_RUNTIME_AWS_REQUEST_ID` for the id.
 *
 * @param lines header lines as they came, each with its line end
 */
export function programVariables(lines: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [, header = '', bytes = ''] of lines.matchAll(
    /^(lambda-runtime-[\w-]+):[ \t]*(.*?)[ \t]*\r$/gim,
  )) {
    const name = header.toUpperCase().replaceAll('-', '_');
    // Headers are read byte by byte, as Latin-1; Lambda's values are UTF-8.
    variables[name] = Buffer.from(bytes, 'latin1').toString('utf8');
    if (name === 'LAMBDA_RUNTIME_TRACE_ID') variables[TRACE_ID_VARIABLE] = variables[name];
  }
  return variables;
}
