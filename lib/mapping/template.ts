// Published as `fastify-apigateway-websocket/mapping-template`.
// Mapping templates: Velocity with `$input`, `$util`, `$context` and `$stageVariables`.
import { MappingTemplateFailedError, MappingTemplateInvalidError } from '../errors.ts'
import type { Position } from '../vtl/index.ts'
import { PlainMap, VtlRuntimeError, VtlSyntaxError, compileVtl } from '../vtl/index.ts'
import { caretAt } from './caret.ts'
import type { Params } from './input.ts'
import { Input } from './input.ts'
import { util } from './util.ts'

/** API Gateway's largest template, in bytes. */
const MAX_TEMPLATE_BYTES = 300 * 1024

/** What a template is rendered with. Own properties only are ever read. */
export interface MappingScope {
  /** The text of the message; absent or empty reads as `{}`. */
  readonly body?: string | undefined
  /** What `$context` holds. */
  readonly context?: object | undefined
  /** What `$stageVariables` holds. */
  readonly stageVariables?: object | undefined
  /** What `$input.params()` searches: `path`, `querystring` and `header`. */
  readonly params?: Params | undefined
}

/** Options of `compileMappingTemplate`. */
export interface MappingTemplateOptions {
  /** How error messages call the template. */
  readonly name?: string
}

/** Renders a template to its text. Throws an error coded `AGW_ERR_MAPPING_TEMPLATE_FAILED` where API Gateway would fail. */
export type MappingTemplate = (scope?: MappingScope) => string

const NAMES = ['input', 'util', 'context', 'stageVariables']
const NOTHING = {}
/** A map in `$context` prints nothing where it is printed alone; `domainPrefix`, documented for custom domains, was never seen printed. */
const CONTEXT_MAP = { silentChildren: true, unprinted: 'domainPrefix' }

const placeOf = (name: string, position: Position | undefined): string =>
  position === undefined ? name : `${name}:${position.line}:${position.column}`

/**
 * Compiles a mapping template as API Gateway understands it: Apache Velocity 1.7 over lenient JSON. Throws an error
 * coded `AGW_ERR_MAPPING_TEMPLATE_INVALID`, with name, line, column and a caret, where the template cannot be parsed.
 */
export function compileMappingTemplate (source: string, options: MappingTemplateOptions = {}): MappingTemplate {
  const { name = 'mapping template' } = options
  if (Buffer.byteLength(source) > MAX_TEMPLATE_BYTES) {
    throw new MappingTemplateInvalidError(name, `it is larger than ${MAX_TEMPLATE_BYTES} bytes`, '')
  }
  let render
  try {
    render = compileVtl(source, NAMES)
  } catch (error) {
    if (!(error instanceof VtlSyntaxError)) throw error
    const { message, position } = error
    throw new MappingTemplateInvalidError(placeOf(name, position), message, position === undefined ? '' : caretAt(source, position))
  }
  return (scope = NOTHING) => {
    const { body, context = NOTHING, stageVariables = NOTHING, params = NOTHING } = scope
    try {
      return render([
        new Input(body, params), util, new PlainMap(context, CONTEXT_MAP), new PlainMap(stageVariables)
      ])
    } catch (error) {
      if (!(error instanceof VtlRuntimeError)) throw error
      throw new MappingTemplateFailedError(placeOf(name, error.position), error.message)
    }
  }
}
