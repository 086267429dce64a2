/**
 * Lines that call a function of a local Lambda as they stand, for each kind of client.
 *
 * @param url of the Lambda API
 * @param name of the function
 * @param region that clients insist on
 */
export function clientLines(url: string, name: string, region: string): string {
  const event = '{"name":"Ada"}';
  const aws = `aws lambda invoke --endpoint-url ${url} --region ${region} --no-sign-request --function-name ${name} --payload '${event}'`;
  return `
AWS CLI 2
  ${aws} --cli-binary-format raw-in-base64-out /dev/stdout

AWS CLI 1
  ${aws} /dev/stdout

curl
  curl -d '${event}' ${url}/2015-03-31/functions/${name}/invocations

JavaScript
  import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
  const lambda = new LambdaClient({ endpoint: '${url}', region: '${region}', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: '${name}', Payload: '${event}' }));
  console.log(Payload.transformToString());

Python
  import boto3
  client = boto3.client('lambda', endpoint_url='${url}', region_name='${region}', aws_access_key_id='local', aws_secret_access_key='local')
  print(client.invoke(FunctionName='${name}', Payload='${event}')['Payload'].read().decode())
`;
}
