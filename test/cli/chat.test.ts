// A chat under serve: handlers in the shape of AWS's sample, a DynamoDB stand-in, three clients, and a connection that is gone.
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { build, connect } from '../examples/run.ts'
import { arnOf, createFolder, FIXTURES, start, writeDefinition } from './run-cli.ts'

t.setTimeout(120_000)
t.before(build)

const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server
const TABLE = 'connections'
/** Of the form of a connection id, and nobody's. */
const STALE = 'c3RhbGUgaWQgAAA='

async function startDynamo (t: Test): Promise<{ endpoint: string, client: DynamoDBClient }> {
  const server = dynalite({ createTableMs: 0 })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } })
  t.teardown(() => {
    client.destroy()
    server.close()
    server.closeAllConnections()
  })
  await client.send(new CreateTableCommand({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'connectionId', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'connectionId', KeyType: 'HASH' }],
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }
  }))
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 1 }, { TableName: TABLE })
  return { endpoint, client }
}

async function readTable (client: DynamoDBClient): Promise<string[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }))
  return Items.map(({ connectionId }) => connectionId?.S ?? '').sort()
}

t.test('three clients chat, a connection that is gone is found and forgotten', async (t) => {
  const { endpoint, client } = await startDynamo(t)
  const fixture = (handler: string) => ({ codeDirectory: join(FIXTURES, 'chat'), handler, environment: { TABLE_NAME: TABLE } })
  const names = { $connect: 'OnConnect', $disconnect: 'OnDisconnect', sendmessage: 'SendMessage' }
  const path = writeDefinition(createFolder(t), {
    OnConnect: fixture('connect.handler'), OnDisconnect: fixture('disconnect.handler'), SendMessage: fixture('send.handler')
  }, {
    name: 'chat',
    region: 'eu-west-1',
    stages: [{ stageName: 'Prod' }],
    routeSelectionExpression: '$request.body.action',
    integrations: Object.fromEntries(Object.values(names).map((name) => [name, { integrationType: 'AWS_PROXY', integrationUri: arnOf(name) }])),
    routes: Object.fromEntries(Object.entries(names).map(([routeKey, name]) => [routeKey, { target: `integrations/${name}`, routeResponses: {} }]))
  })
  const program = start(t, ['serve', path, '--port', '0', '--intercept', '--env', `AWS_ENDPOINT_URL_DYNAMODB=${endpoint}`])
  const [, url = ''] = await program.printed('stdout', /(\S+)\n/)
  const people = await Promise.all([1, 2, 3].map(async () => await connect(t, url)))
  t.equal((await readTable(client)).length, 3, 'every $connect is in the table')
  await client.send(new PutItemCommand({ TableName: TABLE, Item: { connectionId: { S: STALE } } }))

  people[0]?.socket.send(JSON.stringify({ action: 'sendmessage', data: 'hello, everybody' }))
  for (const person of people) t.equal(await person.next(), 'hello, everybody')
  await program.printed('stderr', /SendMessage: found a stale connection c3RhbGUgaWQgAAA=/)
  people[1]?.socket.close()
  await people[1]?.closed
  people[2]?.socket.send(JSON.stringify({ action: 'sendmessage', data: 'who is there?' }))
  t.equal(await people[0]?.next(), 'who is there?')
  t.equal(await people[2]?.next(), 'who is there?')
  t.equal(await program.interrupt(), 0)
  t.same(await readTable(client), [], 'every $disconnect ran, and the one that was gone is forgotten')
})
