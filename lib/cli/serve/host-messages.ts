// What a server and the process of a function tell each other.

/** Which connections handlers make come to the local server instead. */
export interface InterceptTarget {
  /** Host names in lower case; `*.example.com` for all names of one more label. */
  readonly names: readonly string[]
  readonly host: string
  readonly port: number
}

export interface LoadMessage {
  readonly type: 'load'
  readonly url: string
  readonly exportPath: readonly string[]
  /** Where packages are looked for that the handler's own folders do not have. */
  readonly fallbackUrl: string
  readonly intercept: InterceptTarget | undefined
}

export interface InvokeMessage {
  readonly type: 'invoke'
  readonly id: number
  /** JSON. */
  readonly event: string
  readonly requestId: string
  readonly functionArn: string
  /** Milliseconds since 1970. */
  readonly deadline: number
}

/** To a function's process. */
export type HostRequest =
  | LoadMessage
  | InvokeMessage
  /** The server listens now. */
  | { readonly type: 'intercept', readonly intercept: InterceptTarget }
  /** Whether its event loop still turns. */
  | { readonly type: 'ping' }

/** An error as Lambda's runtime for Node.js tells it. */
export interface FunctionError {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** From a function's process. */
export type HostAnswer =
  | { readonly type: 'loaded' }
  | { readonly type: 'load-failed', readonly error: FunctionError }
  | { readonly type: 'result', readonly id: number, readonly payload: string }
  | { readonly type: 'error', readonly id: number, readonly error: FunctionError }
  /** Of nobody's call: an unhandled rejection, an uncaught exception. The process ends. */
  | { readonly type: 'crash', readonly error: FunctionError }
  | { readonly type: 'pong' }
