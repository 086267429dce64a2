import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { ClientSettings } from './clients.ts';

/** What every step of a deployment works with. */
export interface DeployTools {
  readonly client: LambdaClient;
  /** For the clients of other services. */
  readonly settings: ClientSettings;
  /** Bucket for zips that are too large for a request. */
  readonly bucket: string | undefined;
  readonly signal: AbortSignal;
  /** Takes lines on progress. */
  readonly note: (line: string) => void;
}
