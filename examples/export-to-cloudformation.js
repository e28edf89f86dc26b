// An API that runs here as a template that deploys it on API Gateway: the Lambda functions of lambda-functions/, a mock and
// a model. Run it with `node examples/export-to-cloudformation.js > template.json` after `npm run build`.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'
import { join } from 'node:path'
import { connect, disconnect, whoami } from './lambda-functions/lifecycle.js'
import { handler as sendmessage } from './lambda-functions/sendmessage.js'

const apiId = 'a1b2c3d4e5'
const TWO_WAY = { routeResponseSelectionExpression: '$default' }

const app = Fastify()
await app.register(apiGatewayWebSocket, {
  name: 'chat',
  apiId,
  stages: [{ stageName: 'prod', defaultRouteSettings: { throttlingRateLimit: 100, throttlingBurstLimit: 200 } }, { stageName: 'beta', autoDeploy: true }],
  routeSelectionExpression: '$request.body.action',
  models: { Message: { type: 'object', required: ['to', 'text'], properties: { to: { type: 'string' }, text: { type: 'string', maxLength: 2000 } } } },
  routes: {
    ping: {
      routeResponses: { $default: {} },
      integration: {
        integrationType: 'MOCK',
        requestTemplates: { $default: '{"statusCode": 200}' },
        integrationResponses: { $default: { responseTemplates: { $default: '{"pong": $context.requestTimeEpoch}' } } }
      }
    }
  }
})
app.routeKey('$connect', connect)
app.routeKey('$disconnect', disconnect)
app.routeKey('$default', TWO_WAY, whoami)
app.routeKey('sendmessage', { ...TWO_WAY, modelSelectionExpression: '\\$default', requestModels: { $default: 'Message' } }, sendmessage)

// A template cannot hold functions of this process: it says where their code is.
const codeDirectory = join(import.meta.dirname, 'lambda-functions')
const { template, report } = await app.webSocketApi.toCloudFormation({
  functions: {
    $connect: { handler: 'lifecycle.connect', codeDirectory },
    $disconnect: { handler: 'lifecycle.disconnect', codeDirectory },
    $default: { handler: 'lifecycle.whoami', codeDirectory },
    sendmessage: {
      name: 'SendMessage',
      handler: 'sendmessage.handler',
      codeDirectory,
      // This API's own endpoint becomes a reference.
      environment: { WEBSOCKET_ENDPOINT: `https://${apiId}.execute-api.us-east-1.amazonaws.com/prod` }
    }
  }
})
console.log(JSON.stringify(template, null, 2))
for (const { level, message, hint } of report) console.error(`${level}: ${message}${hint === undefined ? '' : `; ${hint}`}`)
await app.close()
