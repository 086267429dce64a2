import { GetFunctionCommand, GetLayerVersionByArnCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** A part of a deployed function. */
export interface DeployedPart {
  /** ARN of the layer's version, or of the function. */
  readonly arn: string;
  /** What whoever published it said of it. */
  readonly description: string;
  readonly bytes: number;
  /** SHA-256 of the zip in base64, as Lambda tells it. */
  readonly codeSha256: string;
}

/**
 * Says what a deployed function is made of, as far as Lambda tells without a download.
 *
 * @param client of the Lambda API
 * @param name the function's name or ARN
 * @returns its layers in order, and the function last
 */
export async function explainDeployed(client: LambdaClient, name: string): Promise<readonly DeployedPart[]> {
  const { Configuration = {} } = await client.send(new GetFunctionCommand({ FunctionName: name }));
  const layers = (Configuration.Layers ?? []).map(async ({ Arn = '' }): Promise<DeployedPart> => {
    const { Content, Description = '' } = await client.send(new GetLayerVersionByArnCommand({ Arn }));
    const { CodeSize = 0, CodeSha256 = '' } = Content ?? {};
    return { arn: Arn, description: Description, bytes: CodeSize, codeSha256: CodeSha256 };
  });
  const { FunctionArn = name, Description = '', CodeSize = 0, CodeSha256 = '' } = Configuration;
  const fn = { arn: FunctionArn, description: Description, bytes: CodeSize, codeSha256: CodeSha256 };
  return [...(await Promise.all(layers)), fn];
}
