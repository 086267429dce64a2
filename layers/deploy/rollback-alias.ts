import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { type AliasName, readAlias, routeAlias } from './alias.ts';
import { isSameVersion, listVersions } from './versions.ts';

/**
 * Leads an alias back: during a shift to the version that it comes from, else to the newest one before its own that
 * differs from it. The function itself stays as it is.
 *
 * @param name of the alias
 * @param client of the Lambda API
 * @returns the version that it leads to now
 * @throws {ToolError} `CANNOT` when there is no such alias, or nothing before it
 */
export async function rollBackAlias(name: AliasName, client: LambdaClient): Promise<string> {
  const { functionName, alias } = name;
  const found = await readAlias(client, name);
  if (found === undefined) {
    throw new ToolError('CANNOT', `Cannot roll "${alias}" back: "${functionName}" has no such alias`);
  }
  const isShifting = Object.keys(found.weights).length > 0;
  const version = isShifting ? found.version : await versionBefore(functionName, found.version, client);
  if (version === undefined) {
    throw new ToolError(
      'CANNOT',
      `Cannot roll "${alias}" back: no version of "${functionName}" is older than ${found.version} and differs from it`,
      { next: 'deploy the wanted version from its sources' },
    );
  }
  await routeAlias(name, { version, weights: {} }, client);
  return version;
}

async function versionBefore(
  functionName: string,
  version: string,
  client: LambdaClient,
): Promise<string | undefined> {
  const { published } = await listVersions(client, functionName);
  const at = published.findIndex(({ Version }) => Version === version);
  const own = published[at];
  if (own === undefined) return undefined;
  return published.slice(0, at).findLast((earlier) => !isSameVersion(earlier, own))?.Version;
}
