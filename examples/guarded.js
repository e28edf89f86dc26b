// Who may come in: a Lambda authorizer names the person and the API key, the key's plan counts, and back ends that push
// sign as the AWS SDK does. `node examples/guarded.js` starts the server; it wants `npm run build` first.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const PEOPLE = {
  'token-of-ada': { name: 'ada', apiKey: 'key-of-ada-0123456789' },
  'token-of-eve': { name: 'eve', apiKey: 'key-of-eve-0123456789' }
}
const BACK_ENDS = {
  AKIDEXAMPLE: { secretAccessKey: 'only for this example', arn: 'arn:aws:iam::123456789012:user/orders' }
}

// As you would deploy it to Lambda. Browsers cannot set headers, so the token is in the URL.
async function authorizer (event) {
  const person = PEOPLE[event.queryStringParameters.token]
  if (person === undefined) throw new Error('Unauthorized')
  return {
    principalId: person.name,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: person.name === 'eve' ? 'Deny' : 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn }]
    },
    context: { name: person.name },
    usageIdentifierKey: person.apiKey
  }
}

const app = Fastify({ logger: { level: 'warn' } })
await app.register(apiGatewayWebSocket, {
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  authorizers: { tokens: { identitySource: ['route.request.querystring.token'], handler: authorizer } },
  apiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
  apiKeys: { ada: { value: PEOPLE['token-of-ada'].apiKey }, eve: { value: PEOPLE['token-of-eve'].apiKey } },
  usagePlans: {
    basic: { apiKeys: ['ada', 'eve'], apiStages: [{ stage: 'prod' }], quota: { limit: 4, period: 'DAY' } }
  },
  credentials: (accessKeyId) => BACK_ENDS[accessKeyId],
  connectionsApi: { authorize: 'AWS_IAM' }
})

app.routeKey('$connect', { authorizationType: 'CUSTOM', authorizerId: 'tokens', apiKeyRequired: true }, async () => ({ statusCode: 200 }))
app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async ({ requestContext }) => {
  return { body: `${requestContext.authorizer.name} ${requestContext.connectionId}` }
})

await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' })
const at = `localhost:${app.server.address().port}`
console.log(`
  Connect   npx wscat -c 'ws://${at}/prod?token=token-of-ada'
            and send something: after the third message the day's quota is used up
  Refused   npx wscat -c 'ws://${at}/prod'                        401, no token
            npx wscat -c 'ws://${at}/prod?token=token-of-eve'     403, denied
`)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
