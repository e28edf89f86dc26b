// A Lambda function as it is deployed behind API Gateway: nothing here knows where it runs.
import {
  ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, PostToConnectionCommand
} from '@aws-sdk/client-apigatewaymanagementapi'

let client

export async function handler (event) {
  // Once per process, as Lambda wants it. The endpoint is a variable of the function's environment.
  client ??= new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT })
  const { to, text } = JSON.parse(event.body)
  const { connectionId } = event.requestContext
  try {
    await client.send(new GetConnectionCommand({ ConnectionId: to }))
    await client.send(new PostToConnectionCommand({ ConnectionId: to, Data: JSON.stringify({ from: connectionId, text }) }))
  } catch (error) {
    if (error.name !== 'GoneException' && error.name !== 'BadRequestException') throw error
    return { statusCode: 404, body: 'nobody of that name is here' }
  }
  if (text === 'goodbye') await client.send(new DeleteConnectionCommand({ ConnectionId: to }))
  return { statusCode: 200, body: 'sent' }
}
