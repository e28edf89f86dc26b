// An endpoint on this machine that answers as API Gateway's REST API does, with the answers of a fixture.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { readFixture } from './read.ts'

export const LIVE_API_ID = 'z9y8x7w6v5'
export const API = `/v2/apis/${LIVE_API_ID}`
/** The REST paths behind the commands. */
const PATHS: Record<string, string> = {
  [API]: 'get-api',
  [`${API}/routes`]: 'get-routes',
  [`${API}/integrations`]: 'get-integrations',
  [`${API}/integrations/int0002/integrationresponses`]: 'get-integration-responses.int0002',
  [`${API}/routes/rou002/routeresponses`]: 'get-route-responses.rou002',
  [`${API}/models`]: 'get-models',
  [`${API}/authorizers`]: 'get-authorizers',
  [`${API}/deployments`]: 'get-deployments',
  [`${API}/stages`]: 'get-stages',
  '/v2/domainnames': 'get-domain-names',
  '/v2/domainnames/ws.example.com/apimappings': 'get-api-mappings.ws.example.com'
}

/** On the wire names are in camelCase; what is not named by AWS stays. */
function toWire (value: any, isNamed = true): any {
  if (Array.isArray(value)) return value.map((item) => toWire(item))
  if (typeof value !== 'object' || value === null) return value
  const free = ['Tags', 'StageVariables', 'RequestTemplates', 'ResponseTemplates', 'RequestModels', 'ResponseModels', 'RequestParameters', 'ResponseParameters', 'RouteSettings']
  return Object.fromEntries(Object.entries<any>(value).map(([name, member]) => [
    isNamed ? name[0]?.toLowerCase() + name.slice(1) : name,
    toWire(member, !free.includes(name))
  ]))
}

export interface Endpoint {
  readonly url: string
  readonly requests: string[]
}

/** One item a page. */
export async function startEndpoint (t: Test, answer: (path: string) => object | undefined = answerOf): Promise<Endpoint> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url as string, 'http://localhost')
    requests.push(`${request.method} ${request.url}`)
    const answered: any = answer(url.pathname)
    if (answered === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'NotFoundException' }).end(JSON.stringify({ message: 'Invalid API identifier specified' }))
      return
    }
    response.setHeader('content-type', 'application/json')
    if (!Array.isArray(answered.items)) {
      response.end(JSON.stringify(answered))
      return
    }
    const at = Number(url.searchParams.get('nextToken') ?? 0)
    const isLast = at + 1 >= answered.items.length
    response.end(JSON.stringify({ items: answered.items.slice(at, at + 1), ...(isLast ? {} : { nextToken: String(at + 1) }) }))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

export function answerOf (path: string): object | undefined {
  const name = PATHS[path]
  if (name !== undefined) return toWire(readFixture('aws-cli-all', `${name}.json`))
  return path.endsWith('responses') ? { items: [] } : undefined
}
