// Tests of an API without a port: inject() runs connect, messages and disconnect through the whole gateway, and
// requestHandler() answers the AWS SDK in process. Run it with `node --test examples/unit-test.js` after `npm run build`.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'
import assert from 'node:assert/strict'
import test from 'node:test'

// What is tested: an API whose handlers push with the AWS SDK. The client is handed in, so that a test can choose it.
async function build (createClient) {
  const app = Fastify()
  await app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression: '$request.body.action' })
  const client = createClient(app)

  app.routeKey('$connect', async ({ requestContext }) => {
    return { statusCode: requestContext.authorizer === undefined ? 401 : 200 }
  })
  app.routeKey('greet', { routeResponseSelectionExpression: '$default' }, async ({ requestContext }) => {
    const { connectionId, authorizer } = requestContext
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'one moment' }))
    return { body: `hello, ${authorizer.principalId}` }
  })
  app.routeKey('fail', async () => { throw new Error('no luck') })
  return app
}

function inProcess (app) {
  return new ApiGatewayManagementApiClient({
    region: 'us-east-1',
    endpoint: 'http://localhost/prod',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: app.webSocketApi.requestHandler()
  })
}

test('a message is answered, after what its handler posted', async () => {
  const app = await build(inProcess)
  const { statusCode, frames } = await app.webSocketApi.inject({
    authorizer: { principalId: 'ada' },
    body: JSON.stringify({ action: 'greet' })
  })
  assert.equal(statusCode, 101)
  assert.deepEqual(frames, ['one moment', 'hello, ada'])
  await app.close()
})

test('who is not authorized does not connect', async () => {
  const app = await build(inProcess)
  const { statusCode, frames } = await app.webSocketApi.inject({ body: '{}' })
  assert.equal(statusCode, 401)
  assert.deepEqual(frames, [])
  await app.close()
})

test('a failure is a generic frame for the client, and an error in the log', async () => {
  const app = await build(inProcess)
  const { frames, log } = await app.webSocketApi.inject({
    authorizer: { principalId: 'ada' },
    bodies: [JSON.stringify({ action: 'fail' }), JSON.stringify({ action: 'unknown' })]
  })
  assert.deepEqual(frames.map((frame) => JSON.parse(frame).message), ['Internal server error', 'Forbidden'])
  assert.equal(log.find(({ level }) => level === 'error')?.details.err.message, 'no luck')
  await app.close()
})

test('the routes can be read', async () => {
  const app = await build(inProcess)
  assert.equal(app.webSocketApi.printRouteKeys(), [
    '$connect  AWS_PROXY  one-way',
    'greet     AWS_PROXY  two-way',
    'fail      AWS_PROXY  one-way'
  ].join('\n'))
  await app.close()
})
