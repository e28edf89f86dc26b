// Routes as messages of the one channel, each with its operation, and with its reply where it is two-way.
import type { JsonSchemaModel, RouteDefinition } from '../../../types/index.js'
import { CONNECT_ROUTE_KEY, DEFAULT_KEY, DEFAULT_ROUTE_KEY, DISCONNECT_ROUTE_KEY } from '../../definition.ts'
import { compileSelectionExpression } from '../../expression/index.ts'
import type { DeclaredApi } from '../declared-api.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject } from '../resource.ts'
import { createKey } from './keys.ts'
import type { Schemas } from './schemas.ts'
import { fieldSchema, readFieldPath, RouteSelector } from './selector.ts'

export const CHANNEL = '#/channels/webSocket'
const ERROR = 'gatewayError'

export interface DescribedRoutes {
  readonly messages: JsonObject
  readonly operations: JsonObject
}

export function describeRoutes ({ options, routes }: DeclaredApi, schemas: Schemas, report: Report): DescribedRoutes {
  const messages: JsonObject = {}
  const operations: JsonObject = {}
  const keys = new Map([[ERROR, ERROR]])
  const selector = new RouteSelector(options.routeSelectionExpression)
  const own = [...routes].filter(([routeKey]) => routeKey !== CONNECT_ROUTE_KEY && routeKey !== DISCONNECT_ROUTE_KEY)
  const selectors = new Map(own.filter(([routeKey]) => routeKey !== DEFAULT_ROUTE_KEY)
    .map(([routeKey]) => [routeKey, selector.schemaOf(routeKey)]))
  for (const [routeKey, definition] of own) {
    const key = createKey(routeKey.replace(/^\$/, ''), keys)
    const selected = routeKey === DEFAULT_ROUTE_KEY ? notOneOf([...selectors.values()]) : selectors.get(routeKey)
    if (routeKey !== DEFAULT_ROUTE_KEY && selected === undefined) {
      report.add('warning', {
        code: 'selection-not-expressible',
        message: `routes.${routeKey}: no schema can say which messages ${options.routeSelectionExpression} gives this key`
      })
    }
    const title = definition.operationName
    messages[key] = {
      name: routeKey,
      ...(title === undefined ? undefined : { title }),
      payload: allOf([selected, describeModels(routeKey, definition, schemas, report)])
    }
    const operation: JsonObject = {
      action: 'receive',
      channel: { $ref: CHANNEL },
      ...(title === undefined ? undefined : { title }),
      messages: [{ $ref: `${CHANNEL}/messages/${key}` }],
      'x-amazon-apigateway-route': describeRoute(routeKey, definition)
    }
    if (isTwoWay(definition)) {
      const reply = createKey(`${key}-reply`, keys)
      messages[reply] = describeReply(routeKey, definition, schemas)
      operation.reply = { channel: { $ref: CHANNEL }, messages: [{ $ref: `${CHANNEL}/messages/${reply}` }, { $ref: `${CHANNEL}/messages/${ERROR}` }] }
    }
    operations[key] = operation
  }
  messages[ERROR] = { $ref: `#/components/messages/${ERROR}` }
  operations[ERROR] = {
    action: 'send',
    channel: { $ref: CHANNEL },
    summary: 'The gateway could not run a message',
    messages: [{ $ref: `${CHANNEL}/messages/${ERROR}` }]
  }
  return { messages, operations }
}

/** The frame that API Gateway sends in the place of an answer. */
export const ERROR_MESSAGES: JsonObject = {
  [ERROR]: {
    name: ERROR,
    title: 'An error of the gateway',
    payload: {
      type: 'object',
      required: ['message', 'connectionId', 'requestId'],
      properties: {
        message: { type: 'string' },
        connectionId: { type: 'string' },
        requestId: { type: 'string' },
        messageId: { type: 'string', description: 'of a message that its model refuses' }
      }
    },
    examples: [
      { name: 'handler', payload: { message: 'Internal server error', connectionId: 'L0SM9cOFvHcCIhw=', requestId: 'L0SN3HEfPHcFlkw=' } },
      { name: 'model', payload: { message: 'Bad request body', connectionId: 'L0SM9cOFvHcCIhw=', requestId: 'L0SN3HEfPHcFlkw=', messageId: 'L0SN3cOFvHcCIhw=' } }
    ]
  }
}

export function isTwoWay ({ routeResponses, routeResponseSelectionExpression }: RouteDefinition): boolean {
  return routeResponses === undefined ? routeResponseSelectionExpression === DEFAULT_KEY : routeResponses.$default !== undefined
}

/** What of a route API Gateway's own definition would say. */
export function describeRoute (routeKey: string, definition: RouteDefinition): JsonObject {
  const { authorizationType, authorizerId, apiKeyRequired, modelSelectionExpression, routeResponseSelectionExpression } = definition
  return JSON.parse(JSON.stringify({
    routeKey, authorizationType, authorizerId, apiKeyRequired, modelSelectionExpression, routeResponseSelectionExpression
  })) as JsonObject
}

function describeReply (routeKey: string, { routeResponses }: RouteDefinition, schemas: Schemas): JsonObject {
  const model = routeResponses?.$default?.responseModels?.[DEFAULT_KEY]
  const payload = model === undefined ? undefined : schemas.refer(model, routeKey, 'reply')
  return { name: `${routeKey} reply`, payload: payload ?? {} }
}

/** The models of a route, each for the messages that select it. */
function describeModels (
  routeKey: string, { modelSelectionExpression, requestModels = {} }: RouteDefinition, schemas: Schemas, report: Report
): JsonObject | undefined {
  const entries = Object.entries(requestModels)
  if (modelSelectionExpression === undefined || entries.length === 0) return undefined
  const refer = ([key, model]: [string, string | JsonSchemaModel]): JsonObject => schemas.refer(model, routeKey, key) ?? {}
  const { constant } = compileSelectionExpression(modelSelectionExpression, { kind: 'model' })
  const others = entries.find(([key]) => key === DEFAULT_KEY)
  if (constant !== undefined) {
    const chosen = entries.find(([key]) => key === constant) ?? others
    return chosen === undefined ? { not: {} } : refer(chosen)
  }
  const path = readFieldPath(modelSelectionExpression)
  if (path === undefined) {
    if (entries.length === 1 && others !== undefined) return refer(others)
    report.add('warning', {
      code: 'selection-not-expressible',
      message: `routes.${routeKey}.modelSelectionExpression: no schema can say which messages ${modelSelectionExpression} gives which model; the document takes any of them`
    })
    return { anyOf: entries.map(refer) }
  }
  const chosen = entries.filter(([key]) => key !== DEFAULT_KEY)
  const fields = chosen.map(([key]) => fieldSchema(path, key))
  const branches = chosen.map((entry, i) => allOf([fields[i], refer(entry)]))
  if (others !== undefined) branches.push(allOf([notOneOf(fields), refer(others)]))
  return branches.length === 1 ? branches[0] : { anyOf: branches }
}

/** Undefined where one of them is: nobody can tell what is left. */
function notOneOf (schemas: ReadonlyArray<JsonObject | undefined>): JsonObject | undefined {
  if (schemas.length === 0 || schemas.includes(undefined)) return undefined
  return { not: schemas.length === 1 ? schemas[0] as Json : { anyOf: schemas as Json[] } }
}

function allOf (schemas: ReadonlyArray<JsonObject | undefined>): JsonObject {
  const given = schemas.filter((schema) => schema !== undefined && Object.keys(schema).length > 0) as JsonObject[]
  return given.length > 1 ? { allOf: given } : given[0] ?? {}
}
