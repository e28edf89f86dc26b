// A chat: a page for browsers, any WebSocket client for everybody else. Run it with `npm start`.
import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const LONGEST_NAME = 24
const LONGEST_TEXT = 2000
const ANSWERS = { routeResponseSelectionExpression: '$default' }

const app = Fastify({ logger: { level: 'warn' } })

/** Who is here: names by connection id. On AWS this would be a table. */
const people = new Map()

await app.register(apiGatewayWebSocket, {
  stage: 'chat',
  routeSelectionExpression: '$request.body.action'
})

// The handshake. A name that cannot be used refuses it with 400.
app.routeKey('$connect', async ({ queryStringParameters, requestContext }, { connections }) => {
  const name = chooseName(queryStringParameters?.name ?? `guest-${people.size + 1}`)
  if (name === undefined) return { statusCode: 400, body: `A name has 1 to ${LONGEST_NAME} characters.` }
  people.set(requestContext.connectionId, name)
  await tellEverybody(connections, { event: 'joined', name, here: whoIsHere() })
  return { statusCode: 200 }
})

app.routeKey('$disconnect', async ({ requestContext }, { connections }) => {
  const name = people.get(requestContext.connectionId)
  people.delete(requestContext.connectionId)
  await tellEverybody(connections, { event: 'left', name, here: whoIsHere() })
})

// {"action":"who"} is answered to who asked.
app.routeKey('who', ANSWERS, async ({ requestContext }) => {
  return { body: JSON.stringify({ event: 'here', you: people.get(requestContext.connectionId), here: whoIsHere() }) }
})

// {"action":"nick","name":"Ada"}
app.routeKey('nick', ANSWERS, async ({ body, requestContext }, { connections }) => {
  const name = chooseName(JSON.parse(body).name)
  if (name === undefined) return refuse(`A name has 1 to ${LONGEST_NAME} characters.`)
  const before = people.get(requestContext.connectionId)
  people.set(requestContext.connectionId, name)
  await tellEverybody(connections, { event: 'renamed', before, name, here: whoIsHere() })
  return { body: JSON.stringify({ event: 'here', you: name, here: whoIsHere() }) }
})

// {"action":"say","text":"Hello"}
app.routeKey('say', async ({ body, requestContext }, { connections }) => {
  await say(connections, requestContext.connectionId, String(JSON.parse(body).text ?? ''))
})

// Whatever else comes is said as it is, so that in a terminal you need only type.
app.routeKey('$default', async ({ body, requestContext }, { connections }) => {
  await say(connections, requestContext.connectionId, body)
})

async function say (connections, connectionId, text) {
  if (text.trim() === '') return
  await tellEverybody(connections, { event: 'said', name: people.get(connectionId), text: text.slice(0, LONGEST_TEXT) })
}

/** Pushes to every connection. Who has left meanwhile rejects with GoneException, which is nothing to worry about. */
async function tellEverybody (connections, message) {
  const data = JSON.stringify(message)
  await Promise.allSettled([...people.keys()].map((connectionId) => connections.postToConnection(connectionId, data)))
}

function whoIsHere () {
  return [...people.values()]
}

/** The name as it will be shown, numbered where somebody has it already; undefined where it is none. */
function chooseName (wanted) {
  const name = String(wanted ?? '').trim()
  if (name === '' || name.length > LONGEST_NAME) return undefined
  const taken = new Set(people.values())
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name} ${number}`
  return free
}

function refuse (text) {
  return { statusCode: 400, body: JSON.stringify({ event: 'refused', text }) }
}

// The page is an ordinary Fastify route beside the API.
const page = await readFile(new URL('index.html', import.meta.url))
app.get('/', (request, reply) => reply.type('text/html; charset=utf-8').send(page))

const port = Number(process.env.PORT ?? 3000)
const host = process.env.HOST ?? 'localhost'
try {
  await app.listen({ port, host })
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error
  console.error(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`)
  process.exit(1)
}
const at = `localhost:${app.server.address().port}`
console.log(`
  The chat is open.

  In a browser    http://${at}
  In a terminal   npx wscat -c 'ws://${at}/chat?name=Ada'

  Open it twice and talk: each line goes to everybody who is here.
  In the terminal just type; {"action":"who"} and {"action":"nick","name":"Bob"} work too.
  Ctrl-C closes.
`)

// A clean end: everybody gets close code 1001, every $disconnect runs.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await app.close()
    console.log('  The chat is closed.')
  })
}
