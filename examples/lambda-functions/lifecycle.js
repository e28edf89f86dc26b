// Two more, in the older style of callbacks.
export function connect (event, context, callback) {
  console.log(`${context.awsRequestId} connect ${event.requestContext.connectionId} from ${event.requestContext.identity.sourceIp}`)
  callback(null, { statusCode: 200 })
}

export function disconnect (event, context, callback) {
  const { connectionId, disconnectStatusCode } = event.requestContext
  console.log(`${context.awsRequestId} disconnect ${connectionId} with ${disconnectStatusCode}`)
  callback(null, { statusCode: 200 })
}

export async function whoami (event) {
  return { statusCode: 200, body: event.requestContext.connectionId }
}
