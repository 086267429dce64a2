import { GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { orUndefined } from './or-undefined.ts';

/** Names the stack that made something. */
const STACK_TAG = 'aws:cloudformation:stack-name';

/**
 * Refuses to change what a CloudFormation stack made.
 *
 * @param doing what was to be done, as `deploy "shop"`
 * @param tags of the function
 * @throws {ToolError} `CANNOT` with the stack's name
 */
export function refuseStack(doing: string, tags: Readonly<Record<string, string>>): void {
  const stack = tags[STACK_TAG];
  if (stack === undefined) return;
  throw new ToolError('CANNOT', `Cannot ${doing}: the stack "${stack}" owns it, and would undo the change`, {
    next: `update the stack instead: aws cloudformation deploy --stack-name ${stack}`,
  });
}

/**
 * The same for a function of which nothing is known but its name.
 *
 * @param doing what was to be done, without the name
 * @param name the function's name
 * @param client of the Lambda API
 * @throws {ToolError} `CANNOT` with the stack's name
 */
export async function refuseStackOf(doing: string, name: string, client: LambdaClient): Promise<void> {
  const found = await orUndefined(client.send(new GetFunctionCommand({ FunctionName: name })));
  refuseStack(`${doing} "${name}"`, found?.Tags ?? {});
}
