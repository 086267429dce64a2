import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Call } from '../../runtime/cli/verb.ts';
import { type ClientSettings, clientSettings } from './clients.ts';
import type { DeployTools } from './deploy-tools.ts';
import { serviceFailure } from './service-failure.ts';
import { readTarget, textOf } from './target-options.ts';
import { tellProgress } from './tell-progress.ts';

/**
 * Does a verb's work with a client of the Lambda API.
 *
 * @param verb for errors
 * @param call of the verb
 * @param work gets what it works with; the client is of no use after it
 * @param endpoint where none is named
 * @throws {ToolError} `CANNOT` with what the service said
 */
export async function withClient(
  verb: string,
  call: Call,
  work: (tools: DeployTools) => Promise<number>,
  endpoint?: string,
): Promise<number> {
  const { output, positionals, signal } = call;
  const settings: ClientSettings = clientSettings(readTarget(call, endpoint));
  const client = new LambdaClient(settings);
  try {
    const note = (line: string) => output.note(line);
    tellProgress(client, note);
    return await work({ client, settings, bucket: textOf(call, 'bucket'), signal, note });
  } catch (error) {
    if (signal.aborted) throw error;
    const [subject] = positionals;
    throw serviceFailure(subject === undefined ? verb : `${verb} "${subject}"`, error, settings);
  } finally {
    client.destroy();
  }
}
