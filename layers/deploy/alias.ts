import {
  CreateAliasCommand,
  GetAliasCommand,
  type LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import type { DeployTools } from './deploy-tools.ts';
import { orUndefined } from './or-undefined.ts';

/** Where an alias leads. */
export interface AliasRoute {
  /** The version that gets what the others do not. */
  readonly version: string;
  /** Shares from 0 to 1 of other versions. */
  readonly weights: Readonly<Record<string, number>>;
}

/** An alias of a function. */
export interface AliasName {
  readonly functionName: string;
  readonly alias: string;
}

/**
 * Reads where an alias leads.
 *
 * @param client of the Lambda API
 * @returns undefined when there is none of this name
 */
export async function readAlias(
  client: LambdaClient,
  { functionName, alias }: AliasName,
): Promise<AliasRoute | undefined> {
  const command = new GetAliasCommand({ FunctionName: functionName, Name: alias });
  const found = await orUndefined(client.send(command));
  return (
    found && {
      version: found.FunctionVersion ?? '',
      weights: found.RoutingConfig?.AdditionalVersionWeights ?? {},
    }
  );
}

/**
 * Makes an alias.
 *
 * @param version where it leads
 * @param tools what it works with
 */
export async function createAlias(
  { functionName, alias }: AliasName,
  version: string,
  { client, signal, note }: DeployTools,
): Promise<void> {
  note(`creating the alias "${alias}" at version ${version}`);
  const input = { FunctionName: functionName, Name: alias, FunctionVersion: version };
  try {
    await client.send(new CreateAliasCommand(input), { abortSignal: signal });
  } catch (error) {
    // An answer that was lost on its way had it sent again.
    if ((error as Error).name !== 'ResourceConflictException') throw error;
    await routeAlias({ functionName, alias }, { version, weights: {} }, client);
  }
}

/**
 * Leads an alias elsewhere. It is not to be interrupted: what is under way is what the next step has to know.
 *
 * @param route where to
 * @param client of the Lambda API
 */
export async function routeAlias(
  { functionName, alias }: AliasName,
  { version, weights }: AliasRoute,
  client: LambdaClient,
): Promise<void> {
  const input = {
    FunctionName: functionName,
    Name: alias,
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: { ...weights } },
  };
  await client.send(new UpdateAliasCommand(input));
}
