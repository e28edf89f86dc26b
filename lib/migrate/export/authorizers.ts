// Lambda authorizers as resources.
import type { AuthorizerOptions } from '../../../types/index.js'
import { DEFAULT_QUOTAS } from '../../quotas.ts'
import { PROPERTIES } from '../properties/index.ts'
import type { PropertyTable } from '../properties/index.ts'
import type { Functions } from './functions.ts'
import { at, below } from './template-draft.ts'
import type { TemplateDraft } from './template-draft.ts'
import type { TemplateReference } from './value.ts'
import { writeProperties } from './write-properties.ts'

/** All but what is written here otherwise. */
const WRITTEN: PropertyTable = Object.fromEntries(Object.entries(PROPERTIES['AWS::ApiGatewayV2::Authorizer'])
  .filter(([name]) => name !== 'AuthorizerUri'))

/** By name. */
export function addAuthorizers (
  draft: TemplateDraft, authorizers: Readonly<Record<string, AuthorizerOptions>>, functions: Functions
): Map<string, TemplateReference> {
  return new Map(Object.entries(authorizers).map(([name, options]) => {
    const place = at(`authorizers.${name}`)
    const { handler, authorizerUri = '', authorizerType = 'REQUEST' } = options
    return [name, draft.add(draft.ids.create(name, 'Authorizer'), 'AWS::ApiGatewayV2::Authorizer', {
      ApiId: { Ref: draft.api.id },
      ...writeProperties(draft, WRITTEN, { ...options, authorizerType, name }, place),
      AuthorizerUri: handler === undefined
        ? functions.writeUri(authorizerUri, below(place, 'authorizerUri'), false)
        : functions.writeHandler({
          handler, key: name, place: below(place, 'handler'), timeoutInMillis: DEFAULT_QUOTAS.integrationTimeoutInMillis, isIntegration: false
        })
    })]
  }))
}
