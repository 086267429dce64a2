import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ToolError } from '../../../runtime/cli/tool-error.ts';
import { inventedWhereMissing } from '../../../runtime/emulator/invoke-remote.ts';
import { parseReportLine, type ReportLine } from './report-line.ts';

/** Which function is measured, and where. */
export interface DeployedTarget {
  /** Name or ARN. */
  readonly name: string;
  /** Address of a Lambda API; AWS itself when undefined. */
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}

/** What became of one invocation. */
export type DeployedOutcome =
  | { readonly kind: 'answered' | 'failed'; readonly roundTripMs: number; readonly report: ReportLine }
  | { readonly kind: 'throttled' };

/** A function behind the AWS SDK, over one kept connection. */
export class DeployedFunction {
  readonly #client: LambdaClient;
  readonly #target: DeployedTarget;

  /**
   * Nothing is sent yet.
   *
   * @param shell the variables of the shell; with an endpoint, keys and region are invented where it has none
   */
  constructor(target: DeployedTarget, shell: NodeJS.ProcessEnv) {
    const { endpoint } = target;
    this.#target = target;
    this.#client = new LambdaClient({
      // A second attempt by the SDK would count as one slow invocation.
      maxAttempts: 1,
      ...(endpoint === undefined ? {} : { endpoint, ...inventedWhereMissing(shell) }),
    });
  }

  /**
   * Invokes the function once.
   *
   * @throws {ToolError} `CANNOT` when the service refuses for another reason than throttling, or sends no REPORT line
   */
  async invoke(event: Uint8Array): Promise<DeployedOutcome> {
    const { name, signal } = this.#target;
    const command = new InvokeCommand({ FunctionName: name, Payload: event, LogType: 'Tail' });
    const startMs = performance.now();
    try {
      const answer = await this.#client.send(command, { abortSignal: signal });
      const roundTripMs = performance.now() - startMs;
      const logTail = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
      const report = parseReportLine(logTail, answer.$metadata.requestId ?? '');
      return { kind: answer.FunctionError === undefined ? 'answered' : 'failed', roundTripMs, report };
    } catch (error) {
      if (error instanceof ToolError) throw error;
      const { name: errorName, message } = error as Error;
      if (errorName === 'TooManyRequestsException') return { kind: 'throttled' };
      throw new ToolError('CANNOT', `Cannot invoke "${name}": ${errorName}: ${message}`, { cause: error });
    }
  }

  close(): void {
    this.#client.destroy();
  }
}
