/** Who may take the role of a function. */
export const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const WRITING = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * All that a function needs to run: to write its own log.
 *
 * @param Resource the log group's ARN, with `:*` at its end
 * @param Action what it may do there
 */
export function ownLog(Resource: unknown, Action: readonly string[] = WRITING) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
}

/**
 * The same where the first line of the log makes its group.
 *
 * @param functionName the function's name
 */
export function ownLogOf(functionName: string) {
  return ownLog(`arn:*:logs:*:*:log-group:/aws/lambda/${functionName}:*`, [
    'logs:CreateLogGroup',
    ...WRITING,
  ]);
}
