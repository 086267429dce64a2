import { invokeMode } from '../deploy/invoke-mode.ts';
import { ownLog, TRUST } from '../deploy/own-log.ts';
import { getAtt, ref, renderYaml } from './cloudformation-yaml.ts';
import type { Deployment } from './deployment.ts';
import {
  functionProperties,
  LOG_RETENTION_DAYS,
  layerId,
  layerProperties,
  loggingConfig,
} from './function-properties.ts';

/**
 * Writes a CloudFormation template with paths of zips in it, which `aws cloudformation package` uploads.
 *
 * @param deployment what is deployed
 */
export function renderCloudFormation(deployment: Deployment): string {
  const { settings, layers, code } = deployment;
  const { name, role } = settings;
  const Resources: Record<string, unknown> = {};
  for (const layer of layers) {
    if (typeof layer === 'string') continue;
    const Properties = { ...layerProperties(layer), Content: layer.zip };
    Resources[layerId(layer)] = { Type: 'AWS::Lambda::LayerVersion', Properties };
  }
  if (role === undefined) Object.assign(Resources, ownRole(name));
  const logging = { ...loggingConfig(settings), LogGroup: ref('LogGroup') };
  const Properties = {
    ...functionProperties(deployment),
    Code: code,
    ...(role === undefined ? { Role: getAtt('Role.Arn'), LoggingConfig: logging } : { Role: role }),
  };
  Resources.Function = { Type: 'AWS::Lambda::Function', Properties };
  const InvokeMode = invokeMode(settings);
  if (InvokeMode !== undefined) {
    const url = { TargetFunctionArn: ref('Function'), AuthType: 'AWS_IAM', InvokeMode };
    Resources.Url = { Type: 'AWS::Lambda::Url', Properties: url };
  }
  const head = [
    `The function "${name}" on pilotlight. A template with parameters and an alias is in pilotlight's layers/template.yaml.`,
    'aws cloudformation package --template-file FILE --s3-bucket BUCKET --output-template-file packaged.yaml',
    `aws cloudformation deploy --template-file packaged.yaml --stack-name ${name} --capabilities CAPABILITY_IAM`,
  ].join('\n');
  const Outputs = {
    FunctionArn: { Value: getAtt('Function.Arn') },
    ...(InvokeMode === undefined ? {} : { Url: { Value: getAtt('Url.FunctionUrl') } }),
  };
  return renderYaml(
    head,
    { AWSTemplateFormatVersion: '2010-09-09', Resources, Outputs },
    {
      'Resources/Role': 'May write the own log and nothing else.',
      'Resources/Function/Properties/Layers': 'Later layers win.',
    },
  );
}

function ownRole(name: string) {
  const LogGroup = {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: LOG_RETENTION_DAYS },
  };
  const Policies = [{ PolicyName: 'own-log', PolicyDocument: ownLog(getAtt('LogGroup.Arn')) }];
  const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST, Policies } };
  return { LogGroup, Role };
}
