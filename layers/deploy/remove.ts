import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import type { DeployTools } from './deploy-tools.ts';
import { orUndefined } from './or-undefined.ts';
import { removeRole } from './role.ts';

/**
 * Deletes a function, with its versions, aliases and URL, and the role that was made for it. Layers stay: other
 * functions may use them.
 *
 * @param name the function's name
 * @param tools what it works with
 * @returns what was deleted
 */
export async function removeFunction(
  name: string,
  { client, settings, signal }: DeployTools,
): Promise<readonly ('function' | 'role')[]> {
  const command = new DeleteFunctionCommand({ FunctionName: name });
  const removed = await orUndefined(client.send(command, { abortSignal: signal }));
  const hadRole = await removeRole(name, settings);
  return [...(removed === undefined ? [] : ['function' as const]), ...(hadRole ? ['role' as const] : [])];
}
