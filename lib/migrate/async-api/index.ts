// An API as an AsyncAPI 3 document: one channel, its messages told apart by what selects their route, and a report.
import type { AsyncAPIDocument, AsyncAPIOptions, DescribedApi } from '../../../types/index.js'
import { CONNECT_ROUTE_KEY, DISCONNECT_ROUTE_KEY } from '../../definition.ts'
import { ExportOptionInvalidError } from '../../errors.ts'
import type { DeclaredApi } from '../declared-api.ts'
import { Report } from '../report.ts'
import { describeHandshake } from './handshake.ts'
import { describeRoute, describeRoutes, ERROR_MESSAGES } from './routes.ts'
import { Schemas } from './schemas.ts'
import { describeServers, stagesOf } from './servers.ts'

const VERSIONS: readonly string[] = ['3.0.0', '3.1.0']
const PROTOCOLS: readonly string[] = ['ws', 'wss']
const KNOWN = ['asyncApiVersion', 'title', 'host', 'protocol', 'stages']
const HOST = /^[A-Za-z0-9.-]+(:\d+)?$/

/** Throws AGW_ERR_EXPORT_OPTION. */
export function createAsyncApi (api: DeclaredApi, documentOptions: AsyncAPIOptions = {}): DescribedApi {
  checkOptions(api, documentOptions)
  const { options, routes } = api
  const report = new Report()
  const schemas = new Schemas(api, report)
  const { bindings, securitySchemes } = describeHandshake(api, report)
  const { messages, operations } = describeRoutes(api, schemas, report)
  const servers = describeServers(api, documentOptions, securitySchemes, report)
  const connect = routes.get(CONNECT_ROUTE_KEY)
  if (routes.has(DISCONNECT_ROUTE_KEY)) {
    report.add('info', { code: 'disconnect-not-described', message: `routes.${DISCONNECT_ROUTE_KEY} runs when a connection is closed: no message of it is in the document` })
  }
  report.add('info', { code: 'pushes-unknown', message: 'what handlers post by @connections is declared nowhere: only answers and errors are in the document' })
  const { name, version = '1.0.0', description, tags = {} } = options
  const document: AsyncAPIDocument = {
    asyncapi: documentOptions.asyncApiVersion ?? '3.0.0',
    info: {
      title: documentOptions.title ?? name ?? 'WebSocket API',
      version,
      ...(description === undefined ? undefined : { description }),
      ...(Object.keys(tags).length === 0 ? undefined : { tags: Object.entries(tags).map(([key, value]) => ({ name: `${key}:${value}` })) })
    },
    defaultContentType: 'application/json',
    ...(Object.keys(servers).length === 0 ? undefined : { servers }),
    channels: {
      webSocket: {
        address: '/',
        messages,
        bindings,
        'x-amazon-apigateway-route-selection-expression': options.routeSelectionExpression,
        ...(connect === undefined ? undefined : { 'x-amazon-apigateway-route': describeRoute(CONNECT_ROUTE_KEY, connect) })
      }
    },
    operations,
    components: {
      messages: ERROR_MESSAGES,
      ...(Object.keys(schemas.components).length === 0 ? undefined : { schemas: schemas.components }),
      ...(Object.keys(securitySchemes).length === 0 ? undefined : { securitySchemes })
    }
  }
  return { document: structuredClone(document), report: report.entries }
}

function checkOptions ({ options }: DeclaredApi, given: AsyncAPIOptions): void {
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name))
  if (unknown !== undefined) throw new ExportOptionInvalidError(`${unknown} is unknown; allowed are ${KNOWN.join(', ')}`)
  const { asyncApiVersion = '3.0.0', protocol = 'ws', host, title, stages = [] } = given
  if (!VERSIONS.includes(asyncApiVersion)) {
    throw new ExportOptionInvalidError(`asyncApiVersion is ${JSON.stringify(asyncApiVersion)}; it must be ${VERSIONS.join(' or ')}`)
  }
  if (!PROTOCOLS.includes(protocol)) throw new ExportOptionInvalidError(`protocol is ${JSON.stringify(protocol)}; it must be ${PROTOCOLS.join(' or ')}`)
  if (host !== undefined && (typeof host !== 'string' || !HOST.test(host))) {
    throw new ExportOptionInvalidError(`host is ${JSON.stringify(host)}; it must be a host name, with or without a port`)
  }
  if (title !== undefined && typeof title !== 'string') throw new ExportOptionInvalidError(`title is ${JSON.stringify(title)}; it must be a string`)
  const names = stagesOf(options).map(({ stageName }) => stageName)
  for (const stage of stages) {
    if (!names.includes(stage)) throw new ExportOptionInvalidError(`stages has ${JSON.stringify(stage)}; the API has ${names.join(', ')}`)
  }
}
