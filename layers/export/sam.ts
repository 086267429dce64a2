import { invokeMode } from '../deploy/invoke-mode.ts';
import { getAtt, renderYaml } from './cloudformation-yaml.ts';
import type { Deployment } from './deployment.ts';
import { functionProperties, layerId, layerProperties } from './function-properties.ts';

/**
 * Writes a template for AWS SAM.
 *
 * @param deployment what is deployed
 */
export function renderSam(deployment: Deployment): string {
  const { settings, layers, code } = deployment;
  const { name, role } = settings;
  const Resources: Record<string, unknown> = {};
  for (const layer of layers) {
    if (typeof layer === 'string') continue;
    const Properties = { ...layerProperties(layer), ContentUri: layer.zip };
    Resources[layerId(layer)] = { Type: 'AWS::Serverless::LayerVersion', Properties };
  }
  const InvokeMode = invokeMode(settings);
  Resources.Function = {
    Type: 'AWS::Serverless::Function',
    Properties: {
      ...functionProperties(deployment),
      CodeUri: code,
      ...(role === undefined ? {} : { Role: role }),
      ...(InvokeMode === undefined ? {} : { FunctionUrlConfig: { AuthType: 'AWS_IAM', InvokeMode } }),
    },
  };
  const content = {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Resources,
    Outputs: { FunctionArn: { Value: getAtt('Function.Arn') } },
  };
  const head = [
    `The function "${name}" on pilotlight. The zips are ready: no \`sam build\`.`,
    `sam deploy --template-file FILE --stack-name ${name} --resolve-s3 --capabilities CAPABILITY_IAM`,
  ].join('\n');
  return renderYaml(head, content, { 'Resources/Function/Properties/Layers': 'Later layers win.' });
}
