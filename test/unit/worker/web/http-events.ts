/** Events as the four senders of HTTP requests write them, each with what a test wants to be different. */

/** Of a function URL. */
export function functionUrlEvent(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const host = 'abcdefgh1234.lambda-url.eu-central-1.on.aws';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: { host, 'x-forwarded-proto': 'https', accept: '*/*' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abcdefgh1234',
      authentication: null,
      domainName: host,
      domainPrefix: 'abcdefgh1234',
      http: {
        method: 'GET',
        path: '/',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'curl/8.7.1',
      },
      requestId: 'c0ffee00-0000-4000-8000-000000000000',
      routeKey: '$default',
      stage: '$default',
      time: '21/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_255_200_000,
    },
    isBase64Encoded: false,
    ...fields,
  };
}

/** Of a function URL, for another method. */
export function functionUrlPost(
  body: string | undefined,
  fields: Readonly<Record<string, unknown>> = {},
  method = 'POST',
): Record<string, unknown> {
  const event = functionUrlEvent({ ...fields, ...(body !== undefined && { body }) });
  const context = event.requestContext as { http: object };
  return { ...event, requestContext: { ...context, http: { ...context.http, method } } };
}

/** Of an HTTP API with a named stage, payload 2.0. */
export function httpApiEvent(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const event = functionUrlEvent();
  return {
    ...event,
    routeKey: 'GET /items/{id}',
    rawPath: '/prod/items/7',
    pathParameters: { id: '7' },
    requestContext: { ...(event.requestContext as object), stage: 'prod', routeKey: 'GET /items/{id}' },
    ...fields,
  };
}

/** Of a REST API, payload 1.0. */
export function restApiEvent(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    resource: '/{proxy+}',
    path: '/items',
    httpMethod: 'GET',
    headers: { Host: 'abc.execute-api.eu-central-1.amazonaws.com', 'X-Twice': '2' },
    multiValueHeaders: { Host: ['abc.execute-api.eu-central-1.amazonaws.com'], 'X-Twice': ['1', '2'] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: 'items' },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc',
      httpMethod: 'GET',
      identity: { sourceIp: '192.0.2.1', userAgent: 'curl/8.7.1' },
      path: '/prod/items',
      protocol: 'HTTP/1.1',
      requestId: 'c0ffee00-0000-4000-8000-000000000001',
      requestTimeEpoch: 1_795_255_200_000,
      resourceId: '123456',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
    body: null,
    isBase64Encoded: false,
    ...fields,
  };
}

/** Of a load balancer whose target group sends single values. */
export function loadBalancerEvent(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const group = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/lambda/0123456789abcdef';
  return {
    requestContext: { elb: { targetGroupArn: group } },
    httpMethod: 'GET',
    path: '/items',
    queryStringParameters: {},
    headers: { host: 'lb-1.eu-central-1.elb.amazonaws.com', 'x-forwarded-proto': 'http' },
    body: '',
    isBase64Encoded: false,
    ...fields,
  };
}

/** Events that no HTTP client caused, though some look like it. */
export const OTHER_EVENTS: Readonly<Record<string, unknown>> = {
  'an empty object': {},
  'a bare text': 'GET /',
  null: null,
  'a queue': { Records: [{ messageId: '1', eventSource: 'aws:sqs', body: 'work' }] },
  'a schedule': { version: '0', 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} },
  'a WebSocket message': {
    requestContext: { routeKey: '$default', eventType: 'MESSAGE', connectionId: 'a=' },
    body: 'hello',
    isBase64Encoded: false,
  },
  'a WebSocket that opens': restApiEvent({
    requestContext: { routeKey: '$connect', eventType: 'CONNECT', connectionId: 'a=', httpMethod: 'GET' },
  }),
  'a request authorizer of a REST API': restApiEvent({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-central-1:123456789012:abc/prod/GET/items',
  }),
  'a request authorizer of an HTTP API': httpApiEvent({
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:eu-central-1:123456789012:abc/prod/GET/items',
  }),
  'a service network (VPC Lattice)': {
    version: '2.0',
    path: '/',
    method: 'GET',
    headers: { accept: ['*/*'] },
    requestContext: { serviceArn: 'arn:aws:vpc-lattice:eu-central-1:123456789012:service/svc-1' },
  },
};

/** A `POST /echo` of these bytes, as three of the senders write it. */
export function binaryPosts(bytes: Buffer): readonly Record<string, unknown>[] {
  const fields = {
    path: '/echo',
    rawPath: '/echo',
    httpMethod: 'POST',
    headers: { 'content-type': 'image/png' },
    multiValueHeaders: { 'content-type': ['image/png'] },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
  return [functionUrlPost(undefined, fields), restApiEvent(fields), loadBalancerEvent(fields)];
}
