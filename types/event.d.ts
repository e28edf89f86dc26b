// The events API Gateway hands to a Lambda function behind a WebSocket route (runtime shapes of 2024 and later).
import type { WebSocketEventAuthorizer } from './index.js'

/** Who opened the connection, fixed at the handshake. */
export interface WebSocketIdentity {
  /** The client's address; behind proxies the one Fastify's `trustProxy` yields. */
  sourceIp: string
  /** The `User-Agent` of the handshake; absent when the client sent none. */
  userAgent?: string
  /** The API key that the handshake brought, and its id, where one was asked for. */
  apiKey?: string
  apiKeyId?: string
  /** Of a caller who signed the handshake. */
  accessKey?: string
  accountId?: string
  caller?: string
  user?: string
  userArn?: string
  principalOrgId?: string
  cognitoIdentityId?: string
  cognitoIdentityPoolId?: string
  cognitoAuthenticationType?: string
  cognitoAuthenticationProvider?: string
}

/** What every `requestContext` of a connection carries. */
export interface WebSocketRequestContextBase {
  /** The matched route key: `$connect`, `$disconnect`, `$default` or a key of yours. */
  routeKey: string
  /** The authorizer context of the connection, as text; absent when nothing authorized it. */
  authorizer?: WebSocketEventAuthorizer
  /** 16 characters; the same value as `requestId`. */
  extendedRequestId: string
  /** Common Log Format, UTC: `09/Feb/2024:18:23:28 +0000`. */
  requestTime: string
  /** Always `IN`. */
  messageDirection: 'IN'
  /** The stage's name. */
  stage: string
  /** When the connection was opened, in epoch milliseconds; the same in all its events. */
  connectedAt: number
  /** When this event happened, in epoch milliseconds. */
  requestTimeEpoch: number
  /** Who opened the connection. */
  identity: WebSocketIdentity
  /** 16 characters, unique to this event. */
  requestId: string
  /** Where the API answers: `https://{domainName}/{stage}` is the endpoint of `@connections`. */
  domainName: string
  /** 16 characters, the connection's name for `@connections`. */
  connectionId: string
  /** The API's id, 10 characters. */
  apiId: string
}

/** `requestContext` of `$connect`. */
export interface WebSocketConnectRequestContext extends WebSocketRequestContextBase {
  routeKey: '$connect'
  eventType: 'CONNECT'
}

/** `requestContext` of a message. */
export interface WebSocketMessageRequestContext extends WebSocketRequestContextBase {
  eventType: 'MESSAGE'
  /** 16 characters, unique to this message. */
  messageId: string
}

/** `requestContext` of `$disconnect`. */
export interface WebSocketDisconnectRequestContext extends WebSocketRequestContextBase {
  routeKey: '$disconnect'
  eventType: 'DISCONNECT'
  /** The close code: the client's, or the one the gateway closed with. */
  disconnectStatusCode: number
  /** The close reason; may be empty. */
  disconnectReason: string
}

/** The event of `$connect`, before the handshake is answered. */
export interface WebSocketConnectEvent {
  /** Handshake headers, names as the client wrote them; the last value of a repeated one. */
  headers: Record<string, string>
  multiValueHeaders: Record<string, string[]>
  /** Present only when the URL had a query; the last value of a repeated parameter. */
  queryStringParameters?: Record<string, string>
  multiValueQueryStringParameters?: Record<string, string[]>
  /** Present only when the stage has variables. */
  stageVariables?: Record<string, string>
  requestContext: WebSocketConnectRequestContext
  isBase64Encoded: false
}

/** The event of one message. */
export interface WebSocketMessageEvent {
  /** Present only when the stage has variables. */
  stageVariables?: Record<string, string>
  requestContext: WebSocketMessageRequestContext
  /** The message as it came. */
  body: string
  isBase64Encoded: false
}

/** The event of `$disconnect`, after the socket is closed. */
export interface WebSocketDisconnectEvent {
  /** `Host` and three empty headers, as API Gateway sends them. */
  headers: Record<string, string>
  multiValueHeaders: Record<string, string[]>
  /** Present only when the stage has variables. */
  stageVariables?: Record<string, string>
  requestContext: WebSocketDisconnectRequestContext
  isBase64Encoded: false
}

/** Any of the three. */
export type WebSocketEvent = WebSocketConnectEvent | WebSocketMessageEvent | WebSocketDisconnectEvent

/** The event a handler of this route key receives. */
export type EventOfRoute<RouteKey extends string> =
  string extends RouteKey ? WebSocketEvent
    : RouteKey extends '$connect' ? WebSocketConnectEvent
      : RouteKey extends '$disconnect' ? WebSocketDisconnectEvent
        : WebSocketMessageEvent
