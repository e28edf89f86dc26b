// What a selection expression is evaluated against: members that are read only when the expression names them.

/** The answer of an integration, as a response template's selection expression sees it. */
export interface SelectionResponse {
  readonly statuscode?: string | number | undefined
  /** The text of a failed Lambda integration, empty where it succeeded. */
  readonly errorMessage?: string | undefined
  header?(name: string): string | undefined
  /** Every value of a header. */
  multivalueheader?(name: string): readonly string[] | undefined
}

/**
 * What a selection expression is evaluated against. Every member is optional, and is read only by an expression that
 * names it; `createSelectionScope` makes one from a message.
 */
export interface SelectionScope {
  /** The message as it came, from which numbers are read exactly. */
  readonly text?: string | undefined
  /** The message as `JSON.parse` reads it; undefined where it is not JSON. A getter may parse once, when first asked. */
  readonly json?: unknown
  /** A header of the handshake. */
  header?(name: string): string | undefined
  /** A query string parameter of the handshake. */
  querystring?(name: string): string | undefined
  /** The request's `$context`. */
  readonly context?: Readonly<Record<string, unknown>> | undefined
  readonly stageVariables?: Readonly<Record<string, string>> | undefined
  /** What the integration answered. */
  readonly response?: SelectionResponse | undefined
  /** The path below a custom domain. */
  readonly basepath?: string | undefined
}

/** Makes the scope of a message: its text is parsed once, when an expression first asks for it. */
export function createSelectionScope (text: string, more: Omit<SelectionScope, 'text' | 'json'> = {}): SelectionScope {
  let parsed = false
  let json: unknown
  return {
    ...more,
    text,
    get json () {
      if (!parsed) {
        parsed = true
        try {
          json = JSON.parse(text)
        } catch {
          json = undefined
        }
      }
      return json
    }
  }
}
