// Service actions and functions: the mapping templates of real projects (SQS, SNS, Step Functions, DynamoDB), the request
// each service would get checked field by field, Lambda functions bound by name and called by ARN.
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import type { AwsUriIntegration, IntegrationDefinition, ServiceHandler, ServiceRequest } from '../../lib/index.ts'
import { createGateway, oneWay, twoWay } from './gateway.ts'

const INTERNAL = ['Internal server error']
const ACCOUNT = '123456789012'
const FORM = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" }
const service = (uri: string, more: Partial<AwsUriIntegration> = {}): AwsUriIntegration => ({
  integrationType: 'AWS', integrationMethod: 'POST', integrationUri: `arn:aws:apigateway:us-east-1:${uri}`, ...more
})

/** Keeps what a service is sent. */
function recorder (answer: (request: ServiceRequest) => any = () => ({ body: {} })): { requests: ServiceRequest[], handler: ServiceHandler } {
  const requests: ServiceRequest[] = []
  return { requests, handler: (request) => { requests.push(request); return answer(request) } }
}

/** The template that solution constructs and patterns write for a FIFO queue. */
const SQS_FIFO = 'Action=SendMessage&MessageGroupId=$input.path(\'$.MessageGroupId\')&MessageDeduplicationId=$context.requestId' +
  '&MessageAttribute.1.Name=connectionId&MessageAttribute.1.Value.StringValue=$context.connectionId&MessageAttribute.1.Value.DataType=String' +
  '&MessageAttribute.2.Name=requestId&MessageAttribute.2.Value.StringValue=$context.requestId&MessageAttribute.2.Value.DataType=String'

for (const [what, body, key, expression] of [
  ['with the body URL-encoded', `${SQS_FIFO}&MessageBody=$util.urlEncode($input.json($util.escapeJavaScript('$').replaceAll("\\\\'","'")))`, '$default', '\\$default'],
  ['selected by a fixed name', `${SQS_FIFO}&MessageBody=$util.urlEncode($input.json('$'))`, 'customName', 'customName'],
  ['with the body as it is', `${SQS_FIFO}&MessageBody=$input.json('$')`, '$default', '\\$default']
] as const) {
  t.test(`a message goes to an SQS FIFO queue ${what}`, async (t) => {
    const { requests, handler } = recorder()
    const { ask } = await createGateway(t, {
      services: { 'sqs:SendMessage': handler },
      ...oneWay(service(`sqs:path/${ACCOUNT}/orders.fifo`, {
        credentialsArn: `arn:aws:iam::${ACCOUNT}:role/queue`,
        passthroughBehavior: 'NEVER',
        requestParameters: FORM,
        requestTemplates: { [key]: body },
        templateSelectionExpression: expression
      }))
    })
    const message = { action: 'order', MessageGroupId: 'g1', text: 'über=100%' }
    const { frames, connectionId } = await ask(message)
    t.same(frames, [], 'one-way, and without integration responses nothing is amiss')
    const [request] = requests as [ServiceRequest]
    t.match(request, {
      service: 'sqs',
      action: 'SendMessage',
      region: 'us-east-1',
      method: 'POST',
      uri: `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/orders.fifo`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      credentialsArn: `arn:aws:iam::${ACCOUNT}:role/queue`
    })
    const form = new URLSearchParams(request.body)
    t.equal(form.get('Action'), 'SendMessage')
    t.equal(form.get('MessageGroupId'), 'g1')
    t.equal(form.get('MessageAttribute.1.Name'), 'connectionId')
    t.equal(form.get('MessageAttribute.1.Value.StringValue')?.replace(' ', '+'), connectionId)
    t.equal(form.get('MessageAttribute.2.Value.StringValue'), form.get('MessageDeduplicationId'))
    t.equal(form.get('MessageAttribute.2.Value.DataType'), 'String')
    if (what !== 'with the body as it is') t.same(JSON.parse(form.get('MessageBody') as string), message)
    else t.ok(request.body.endsWith(`&MessageBody=${JSON.stringify(message)}`), 'unencoded, as the template says')
  })
}

t.test('an order is validated by its model and published to SNS', async (t) => {
  const { requests, handler } = recorder()
  const { ask } = await createGateway(t, {
    models: { orderModel: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['Name', 'Number'], properties: { Name: { type: 'string' }, Number: { type: 'string' } } } },
    services: { 'sns:Publish': handler },
    routes: {
      $connect: {
        routeResponses: { $default: {} },
        integration: { integrationType: 'MOCK', requestTemplates: { 200: '{"statusCode":200}' }, templateSelectionExpression: '200', passthroughBehavior: 'WHEN_NO_MATCH', integrationResponses: { '/200/': { templateSelectionExpression: '\\$default', responseTemplates: { 200: '{"statusCode":, "message":"order initiated"}' } } } }
      },
      sendOrder: {
        modelSelectionExpression: '$request.body.action',
        requestModels: { sendOrder: 'orderModel' },
        routeResponses: { $default: {} },
        integration: service('sns:action/Publish', {
          contentHandlingStrategy: 'CONVERT_TO_TEXT',
          requestParameters: FORM,
          requestTemplates: {
            $default: `#set ( $name = $input.path('$.Name'))
#set ($lastname =$input.path('$.SirName'))
#set ($phone =$input.path('$.Number'))
#set( $dq = '"')
Action=Publish&TopicArn=$util.urlEncode("arn:aws:sns:us-east-1:${ACCOUNT}:orders")&Message=$util.urlEncode("{
\${dq}connectionId\${dq}: \${dq}\${context.connectionId}\${dq},
\${dq}requestTimeEpoch\${dq}: \${context.requestTimeEpoch},
\${dq}Name\${dq}: \${dq}$name\${dq},
\${dq}LastName\${dq}:\${dq}$lastname\${dq},
\${dq}Phone\${dq}: \${dq}$phone\${dq}
}")`
          },
          templateSelectionExpression: 'request.body.action',
          integrationResponses: { '/2\\d\\d/': { responseTemplates: { $default: 'order initiated' } }, $default: {} }
        })
      }
    }
  })
  const before = Date.now()
  const { frames, refusals, connectionId, statusCode } = await ask(
    { action: 'sendOrder', Name: 'Ada', SirName: 'Lovelace', Number: '+44 1' }, { action: 'sendOrder', Name: 'Ada' })
  t.equal(statusCode, 101, 'the mocked $connect')
  t.equal(frames[0], 'order initiated')
  t.same(refusals, ['Bad request body'])
  t.equal(requests.length, 1)
  const [request] = requests as [ServiceRequest]
  t.same([request.action, request.uri, request.querystring], ['Publish', 'https://sns.us-east-1.amazonaws.com/?Action=Publish', { Action: 'Publish' }])
  const form = new URLSearchParams(request.body.trim())
  t.same([form.get('Action'), form.get('TopicArn')], ['Publish', `arn:aws:sns:us-east-1:${ACCOUNT}:orders`])
  const { requestTimeEpoch, ...message } = JSON.parse(form.get('Message') as string)
  t.same(message, { connectionId, Name: 'Ada', LastName: 'Lovelace', Phone: '+44 1' })
  t.ok(requestTimeEpoch >= before && requestTimeEpoch <= Date.now())
})

t.test('a message starts a state machine with the connection in its input', async (t) => {
  const { requests, handler } = recorder(() => ({ body: { executionArn: 'arn:aws:states:::execution:x', startDate: 1.6e9 } }))
  const { ask } = await createGateway(t, {
    services: { 'states:StartExecution': handler },
    ...twoWay(service('states:action/StartExecution', {
      templateSelectionExpression: '\\$default',
      requestTemplates: { $default: `#set($sfn_input=$util.escapeJavaScript($input.body).replaceAll("\\\\'","'")) { "input": "{\\"data\\":$sfn_input, \\"ConnectionID\\":\\"$context.connectionId\\"}", "stateMachineArn": "arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:s" }` },
      integrationResponses: { $default: { responseTemplates: { $default: 'started $input.path(\'$.executionArn\')' } } }
    }))
  })
  const message = { text: 'it\'s "quoted" / ünïcode' }
  const { frames, connectionId } = await ask(message)
  t.same(frames, ['started arn:aws:states:::execution:x'])
  const { input, stateMachineArn } = JSON.parse((requests[0] as ServiceRequest).body)
  t.equal(stateMachineArn, `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:s`)
  t.same(JSON.parse(input), { data: message, ConnectionID: connectionId })
})

t.test('connections are kept in DynamoDB: PutItem on $connect, DeleteItem on $disconnect', async (t) => {
  const put = recorder()
  const remove = recorder()
  const key = '"connectionid": { "S": "$context.connectionId" }'
  const responses = { '/200/': { templateSelectionExpression: '\\$default' } }
  const { connect } = await createGateway(t, {
    services: { 'dynamodb:PutItem': put.handler, 'dynamodb:*': remove.handler },
    routes: {
      $connect: {
        integration: service('dynamodb:action/PutItem', {
          templateSelectionExpression: '\\$default',
          requestTemplates: { $default: `#set($ttl = $context.requestTimeEpoch + 86400) { "TableName": "Sessions", "Item": { ${key}, "headers": { "S": "$input.params().get('header')" }, "room": { "S": "$input.params('room')" }, "ttl": { "N": "$ttl" } } }` },
          integrationResponses: responses
        })
      },
      $disconnect: {
        integration: service('dynamodb:action/DeleteItem', {
          templateSelectionExpression: '\\$default', requestTemplates: { $default: `{ "TableName": "Sessions", "Key": { ${key} } }` }, integrationResponses: responses
        })
      }
    }
  })
  const { connectionId, statusCode } = await connect({ query: { room: 'kitchen' }, headers: { 'X-Test': 'yes' } })
  t.equal(statusCode, 101)
  const { TableName, Item } = JSON.parse((put.requests[0] as ServiceRequest).body)
  t.equal(TableName, 'Sessions')
  t.same([Item.connectionid, Item.room], [{ S: connectionId }, { S: 'kitchen' }])
  t.match(Item.headers.S, /^\{.*X-Test=yes.*\}$/)
  t.match(Item.ttl.N, /^\d{13}$/)
  t.same(JSON.parse((remove.requests[0] as ServiceRequest).body), { TableName: 'Sessions', Key: { connectionid: { S: connectionId } } })
  t.equal((remove.requests[0] as ServiceRequest).action, 'DeleteItem')
})

t.test('an error of a service refuses the handshake with 502', async (t) => {
  const { connect } = await createGateway(t, {
    services: { 'dynamodb:PutItem': () => ({ statusCode: 400, body: { __type: 'ValidationException' } }) },
    routes: { $connect: { integration: service('dynamodb:action/PutItem', { integrationResponses: { $default: {} } }) } }
  })
  t.equal((await connect()).statusCode, 502)
})

t.test('what a client of the AWS SDK throws is the service\'s answer, any other error fails the integration', async (t) => {
  const exception = Object.assign(new Error('Table not found'), { name: 'ResourceNotFoundException', $fault: 'client', $metadata: { httpStatusCode: 400 } })
  for (const [thrown, frame, refusals] of [[exception, 'ResourceNotFoundException: Table not found', []], [new Error('ECONNREFUSED'), undefined, INTERNAL]] as const) {
    const { ask } = await createGateway(t, {
      services: { 'dynamodb:PutItem': async () => { throw thrown } },
      ...twoWay(service('dynamodb:action/PutItem', { integrationResponses: { '/400/': { responseTemplates: { $default: "$input.path('$.__type'): $input.path('$.message')" } } } }))
    })
    const answer = await ask('{}')
    t.same(answer.refusals, refusals)
    if (frame !== undefined) t.same(answer.frames, [frame])
  }
})

for (const [what, answer] of [['a text', 'ok'], ['a status out of range', { statusCode: 99 }], ['a status that is no number', { statusCode: '200' }]] as const) {
  t.test(`a service that answers with ${what} fails the integration`, async (t) => {
    const { ask } = await createGateway(t, { services: { 'sqs:*': () => answer as any }, ...twoWay(service('sqs:action/SendMessage', { integrationResponses: { $default: {} } })) })
    t.same((await ask('{}')).refusals, INTERNAL)
  })
}

t.test('the action of a path is found in X-Amz-Target, in the query, or in the form', async (t) => {
  const { requests, handler } = recorder()
  const { ask } = await createGateway(t, {
    services: { 'sqs:*': handler },
    routes: {
      target: { integration: service('sqs:path/', { requestParameters: { 'integration.request.header.X-Amz-Target': "'AmazonSQS.SendMessage'" } }) },
      query: { integration: service('sqs:path/q', { requestParameters: { 'integration.request.querystring.Action': "'PurgeQueue'" } }) },
      form: { integration: service('sqs:path/q', { requestTemplates: { $default: 'Action=GetQueueUrl' } }) },
      none: { integration: service('my.sqs:path/a/{b}', { requestParameters: { 'integration.request.path.b': 'route.request.body.b' } }) }
    }
  })
  await ask({ action: 'target' }, { action: 'query' }, { action: 'form' }, { action: 'none', b: 'x/y' })
  t.same(requests.map(({ action }) => action), ['SendMessage', 'PurgeQueue', 'GetQueueUrl', undefined])
  t.same(requests.map(({ uri }) => uri.slice(8)), ['sqs.us-east-1.amazonaws.com/', 'sqs.us-east-1.amazonaws.com/q?Action=PurgeQueue', 'sqs.us-east-1.amazonaws.com/q', 'my.sqs.us-east-1.amazonaws.com/a/x%2Fy'])
})

t.test('the address of a service is that of the partition of its region', async (t) => {
  const { requests, handler } = recorder()
  const inRegion = (region: string): IntegrationDefinition => ({ ...service(''), integrationUri: `arn:aws-cn:apigateway:${region}:sqs:path/q` }) as IntegrationDefinition
  const { ask } = await createGateway(t, {
    services: { 'sqs:*': handler },
    routes: { china: { integration: inRegion('cn-north-1') }, europe: { integration: inRegion('eusc-de-east-1') } }
  })
  await ask({ action: 'china' }, { action: 'europe' })
  t.same(requests.map(({ uri }) => uri), ['https://sqs.cn-north-1.amazonaws.com.cn/q', 'https://sqs.eusc-de-east-1.amazonaws.eu/q'])
})

const functionUri = (name: string) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}/invocations`

t.test('functions are bound by name, alias or ARN, and stages may name different ones', async (t) => {
  const proxied = (name: string) => () => ({ statusCode: 200, body: name })
  const { app } = await createGateway(t, {
    stages: [{ stageName: 'blue', stageVariables: { fn: 'blue' } }, { stageName: 'green', stageVariables: { fn: 'green:live' } }, { stageName: 'none' }],
    functions: {
      plain: proxied('plain'),
      blue: proxied('blue'),
      'green:live': proxied('green:live'),
      green: proxied('green'),
      [`arn:aws:lambda:us-east-1:${ACCOUNT}:function:exact`]: proxied('exact'),
      raw: (input: any) => [input]
    },
    routes: Object.fromEntries(Object.entries({
      plain: functionUri('plain'), alias: functionUri('plain:v1'), bare: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:exact`, staged: functionUri('${stageVariables.fn}')
    }).map(([key, integrationUri]) => [key, { routeResponses: { $default: {} }, integration: { integrationType: 'AWS_PROXY', integrationUri } as IntegrationDefinition }]).concat([
      ['raw', { routeResponses: { $default: {} }, integration: { integrationType: 'AWS', integrationUri: functionUri('raw'), requestTemplates: { $default: '{"n":$input.json(\'$.n\')}' }, integrationResponses: { $default: {} } } as IntegrationDefinition }]
    ] as any))
  })
  const bodies = ['plain', 'alias', 'bare', 'staged', 'raw'].map((action) => JSON.stringify({ action, n: 1 }))
  t.same((await app.webSocketApi.inject({ stage: 'blue', bodies })).frames, ['plain', 'plain', 'exact', 'blue', '[{"n":1}]'])
  t.same((await app.webSocketApi.inject({ stage: 'green', bodies })).frames[3], 'green:live')
  t.match((await app.webSocketApi.inject({ stage: 'none', bodies })).frames[3], /Internal server error/)
})

t.test('an error of an AWS function is Lambda\'s payload, and may be returned as well as thrown', async (t) => {
  class OutOfStock extends Error { override name = 'OutOfStock' }
  const { ask } = await createGateway(t, twoWay({
    integrationType: 'AWS',
    handler: (input: any) => {
      if (input.how === 'throw') throw new OutOfStock('none left')
      if (input.how === 'reject') return Promise.reject(new OutOfStock('none left'))
      if (input.how === 'return') return { errorMessage: 'none left', errorType: 'Mine' }
      if (input.how === 'string') throw 'just text' // eslint-disable-line no-throw-literal
      if (input.how === 'cycle') { const cycle: any = {}; cycle.cycle = cycle; return cycle }
      return undefined
    },
    integrationResponses: { '/none left/': { responseTemplates: { $default: "$input.path('$.errorType') $input.path('$.stackTrace').size()" } }, '/.+/': { responseTemplates: { $default: "other: $input.path('$.errorMessage')" } }, $default: {} }
  }))
  const { frames, refusals } = await ask(...['throw', 'reject', 'return', 'string', 'cycle', 'nothing'].map((how) => ({ how })))
  t.same(refusals, [])
  t.match(frames, [/^OutOfStock \d+$/, /^OutOfStock \d+$/, 'Mine ', 'other: Integration threw just text, which is not an Error', /^\{"errorMessage":"Converting circular/, 'null'])
})

t.test('a rendered template that is no JSON is never given to a function', async (t) => {
  let calls = 0
  const { ask } = await createGateway(t, twoWay({ integrationType: 'AWS', handler: () => { calls++ }, requestTemplates: { $default: '{"a": }' }, integrationResponses: { $default: {} } }))
  t.same((await ask('{}')).refusals, INTERNAL)
  t.equal(calls, 0)
})

t.test('an AWS function on $connect is given {} and accepts, or refuses with 502 by throwing', async (t) => {
  const inputs: unknown[] = []
  const { app, connect } = await createGateway(t, { routes: { $connect: { integration: { integrationType: 'AWS', handler: (input: unknown) => { inputs.push(input); if (inputs.length > 1) throw new Error('no') }, integrationResponses: { $default: {} } } } } })
  t.same([(await connect()).statusCode, (await connect()).statusCode], [101, 502])
  t.same(inputs, [{}, {}])
  t.ok(app)
})

interface Invocation { url: string, headers: IncomingHttpHeaders, body: string }

/** A Lambda endpoint that answers as the service was recorded to: payload, and X-Amz-Function-Error for a failed function. */
async function lambdaEndpoint (t: Test, answer: (invocation: Invocation) => { payload: string, error?: string, status?: number }) {
  const invocations: Invocation[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      const invocation = { url: request.url as string, headers: request.headers, body: Buffer.concat(chunks).toString() }
      invocations.push(invocation)
      const { payload, error, status = 200 } = answer(invocation)
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'a1b2c3d4-0000-4000-8000-000000000000', 'x-amz-executed-version': '$LATEST', ...(error && { 'x-amz-function-error': error }) })
      response.end(payload)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { invocations, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

t.test('functions that are not bound are called in AWS by the peer @aws-sdk/client-lambda, at a configurable endpoint', async (t) => {
  const { invocations, endpoint } = await lambdaEndpoint(t, ({ url, body }) => {
    if (url.includes('failing')) return { error: 'Unhandled', payload: '{"errorMessage":"no stock","errorType":"StockError","trace":["StockError: no stock","    at handler"]}' }
    if (url.includes('denied')) return { status: 403, payload: '{"Message":"User is not authorized to perform: lambda:InvokeFunction"}' }
    return { payload: JSON.stringify({ statusCode: 200, body: `got ${JSON.parse(body).body}` }) }
  })
  const lambda = { endpoint, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, maxAttempts: 1 }
  const route = (name: string) => ({ routeResponses: { $default: {} }, integration: { integrationType: 'AWS_PROXY', integrationUri: functionUri(name) } as IntegrationDefinition })
  const { ask } = await createGateway(t, {
    lambda,
    routes: {
      fine: route('fine'),
      failing: route('failing'),
      denied: route('denied'),
      mapped: { routeResponses: { $default: {} }, integration: { integrationType: 'AWS', integrationUri: functionUri('failing'), integrationResponses: { '/no .*/': { responseTemplates: { $default: "$input.path('$.errorType')" } } } } }
    }
  })
  const { frames, causes } = await ask({ action: 'fine' }, { action: 'failing' }, { action: 'denied' }, { action: 'mapped' })
  t.equal(frames[0], 'got {"action":"fine"}')
  t.match(frames.slice(1, 3), [/Internal server error/, /Internal server error/])
  t.equal(frames[3], 'StockError')
  t.match(causes, ['no stock', /not authorized/])
  t.equal(invocations[0]?.url, `/2015-03-31/functions/${encodeURIComponent(`arn:aws:lambda:us-east-1:${ACCOUNT}:function:fine`)}/invocations`)
  t.equal(JSON.parse(invocations[0]?.body as string).requestContext.routeKey, 'fine')
  t.match(invocations[0]?.headers.authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/lambda\//)
})

for (const [what, integration, code] of [
  ['a function that nothing is bound to', { integrationType: 'AWS_PROXY', integrationUri: functionUri('nowhere') }, 'AGW_ERR_INTEGRATION_FUNCTION_UNBOUND'],
  ['an action that nothing is bound to', service('sqs:action/SendMessage'), 'AGW_ERR_INTEGRATION_SERVICE_UNBOUND'],
  ['a service of which nothing is bound', service('s3:path/bucket'), 'AGW_ERR_INTEGRATION_SERVICE_UNBOUND'],
  ['a service behind AWS_PROXY', { integrationType: 'AWS_PROXY', integrationUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage' }, 'AGW_ERR_INTEGRATION_INVALID'],
  ['an ARN without an action', service('sqs:action/'), 'AGW_ERR_INTEGRATION_URI'],
  ['what is no ARN', { integrationType: 'AWS', integrationUri: 'https://sqs.us-east-1.amazonaws.com/' }, 'AGW_ERR_INTEGRATION_URI'],
  ['an Authorization header of one\'s own', service('sqs:action/GetQueueUrl', { requestParameters: { 'integration.request.header.Authorization': "'x'" } }), 'AGW_ERR_MAPPING_PARAMETER']
] as const) {
  t.test(`registration refuses ${what}`, async (t) => {
    await t.rejects(createGateway(t, { services: { 'sqs:GetQueueUrl': () => {} }, ...oneWay(integration as IntegrationDefinition) }), { code })
  })
}
