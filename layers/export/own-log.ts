/** How long lines of the log are kept where the export makes the log group itself. */
export const LOG_RETENTION_DAYS = 30;

/** Who may take the role of a function. */
export const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/**
 * All that a function needs to run: to write its own log.
 *
 * @param Resource the log group's ARN, with `:*` at its end
 * @param mayCreate whether the group is made by the first line
 */
export function ownLog(Resource: unknown, mayCreate = false) {
  const writing = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const Action = mayCreate ? ['logs:CreateLogGroup', ...writing] : writing;
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
}
