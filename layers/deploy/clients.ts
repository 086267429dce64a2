import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { inventedWhereMissing } from '../../runtime/emulator/invoke-remote.ts';

/** Throttles and failures of the service are tried again, with growing pauses, before they are told. */
const MAX_ATTEMPTS = 8;

/** Where to deploy to, as the command line says. */
export interface DeployTarget {
  /** Address of the APIs; AWS itself when undefined. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The variables of the shell; with an endpoint, keys and region are invented where it has none. */
  readonly shell: NodeJS.ProcessEnv;
}

/** What all clients of the AWS SDK are made with. */
export type ClientSettings = Pick<
  LambdaClientConfig,
  'endpoint' | 'region' | 'profile' | 'credentials' | 'maxAttempts' | 'retryMode'
>;

/**
 * The settings of the AWS SDK's clients for a target.
 *
 * @param target where to deploy to
 */
export function clientSettings({ endpoint, region, profile, shell }: DeployTarget): ClientSettings {
  return {
    maxAttempts: MAX_ATTEMPTS,
    ...(endpoint === undefined ? {} : { endpoint, ...inventedWhereMissing(shell) }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
}
