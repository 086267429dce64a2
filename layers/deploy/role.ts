import { ACCOUNT } from '../../runtime/emulator/local-function.ts';
import type { ClientSettings } from './clients.ts';
import { orUndefined } from './or-undefined.ts';
import { ownLogOf, TRUST } from './own-log.ts';
import { roleName } from './plan.ts';

const POLICY_NAME = 'own-log';
const TAGS = [{ Key: 'made-by', Value: 'pilotlight' }];

/**
 * Where an endpoint is no IAM, as the local Lambda, which checks no rights: it knows no such call, and its answer is no XML.
 *
 * @param error of a call to IAM
 */
function isNoIam(error: unknown): boolean {
  const { $response } = error as { $response?: { statusCode?: number; headers?: Record<string, string> } };
  const type = $response?.headers?.['content-type'];
  return $response?.statusCode === 404 && type !== undefined && !type.includes('xml');
}

/**
 * Makes sure that a function's own role is there. Each step can be done again, so a run that was cut off in between
 * is mended by the next.
 *
 * @param functionName the function's name
 * @param settings of the AWS SDK's clients
 * @returns the role's ARN
 */
export async function ensureRole(functionName: string, settings: ClientSettings): Promise<string> {
  const { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } = await import(
    '@aws-sdk/client-iam'
  );
  const client = new IAMClient(settings);
  const RoleName = roleName(functionName);
  try {
    const found = await orUndefined(client.send(new GetRoleCommand({ RoleName })));
    const create = { RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST), Tags: TAGS };
    const { Role } = found ?? (await client.send(new CreateRoleCommand(create)));
    const PolicyDocument = JSON.stringify(ownLogOf(functionName));
    await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument }));
    return Role?.Arn ?? '';
  } catch (error) {
    if (settings.endpoint !== undefined && isNoIam(error)) return `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
    throw error;
  } finally {
    client.destroy();
  }
}

/**
 * Removes a function's own role, if it was made here.
 *
 * @returns whether there was one
 */
export async function removeRole(functionName: string, settings: ClientSettings): Promise<boolean> {
  const { DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, IAMClient } = await import(
    '@aws-sdk/client-iam'
  );
  const client = new IAMClient(settings);
  const RoleName = roleName(functionName);
  try {
    const found = await orUndefined(client.send(new GetRoleCommand({ RoleName })));
    if (!found?.Role?.Tags?.some(({ Key, Value }) => Key === TAGS[0]?.Key && Value === TAGS[0]?.Value))
      return false;
    await orUndefined(client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME })));
    await client.send(new DeleteRoleCommand({ RoleName }));
    return true;
  } catch (error) {
    if (settings.endpoint !== undefined && isNoIam(error)) return false;
    throw error;
  } finally {
    client.destroy();
  }
}
