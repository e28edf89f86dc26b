// Messages go to a queue, as with API Gateway in front of SQS: the template is the one of such a stack, and what stands
// for sqs:SendMessage is yours. Run it with `node examples/queue-ingestion.js` after `npm run build`.
import Fastify from 'fastify'
import { randomUUID } from 'node:crypto'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const app = Fastify({ logger: { level: 'warn' } })
const queue = []

await app.register(apiGatewayWebSocket, {
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  services: {
    // With the AWS SDK: sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }))
    'sqs:SendMessage': async ({ body }) => {
      const form = new URLSearchParams(body)
      if (form.get('MessageGroupId') === '') return { statusCode: 400, body: { __type: 'MissingParameter', message: 'MessageGroupId is missing' } }
      const message = { MessageId: randomUUID(), group: form.get('MessageGroupId'), body: JSON.parse(form.get('MessageBody')) }
      queue.push(message)
      return { body: { MessageId: message.MessageId } }
    }
  },
  routes: {
    $default: {
      routeResponses: { $default: {} },
      integration: {
        integrationType: 'AWS',
        integrationMethod: 'POST',
        integrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders.fifo',
        credentialsArn: 'arn:aws:iam::123456789012:role/websocket-to-queue',
        passthroughBehavior: 'NEVER',
        requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
        requestTemplates: {
          $default: 'Action=SendMessage&MessageGroupId=$input.path(\'$.group\')&MessageDeduplicationId=$context.requestId&MessageBody=$util.urlEncode($input.json(\'$\'))'
        },
        integrationResponses: {
          '/4\\d\\d/': { responseTemplates: { $default: '{"refused": "$input.path(\'$.message\')"}' } },
          $default: { responseTemplates: { $default: '{"queued": "$input.path(\'$.MessageId\')"}' } }
        }
      }
    }
  }
})

app.get('/queue', async () => queue)

await app.listen({ port: Number(process.env.PORT ?? 3000) })
process.once('SIGINT', () => app.close())
console.log(`Queue with: npx wscat -c ws://localhost:${app.server.address().port}/prod -x '{"group":"a","text":"hello"}'`)
