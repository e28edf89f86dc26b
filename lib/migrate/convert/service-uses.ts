// Integrations with other services of AWS: what must be bound for each.
import { printJson } from '../json.ts'
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { isPlainObject } from './read-properties.ts'

const SERVICE_URI = /^arn:aws[a-z-]*:apigateway:[^:]*:(?:[A-Za-z0-9-]+\.)?([a-z0-9-]+):(path|action)\/(.*)$/s

/** A service's URI names the action, or else the request does: in a form, or in the header X-Amz-Target. */
export function checkServiceUri (report: Report, resource: Resource, uri: string, options: JsonObject): void {
  const [, service, form, rest = ''] = SERVICE_URI.exec(uri) ?? []
  if (service === undefined) {
    report.refuse({
      code: 'integration-uri',
      message: `${nameOfProperty(resource, ['IntegrationUri'])} is ${quote(uri)}; AWS ARN for integration must contain path or action`
    }, resource, ['IntegrationUri'])
    return
  }
  const actions = form === 'action' ? [rest.split('&')[0] as string] : findActions(options)
  const keys = (actions.length === 0 ? ['*'] : actions).map((action) => `${service}:${action}`)
  report.add('error', {
    code: 'service-required',
    message: `${resource.id} calls ${keys.join(', ')}`,
    hint: `bind ${keys.map((key) => `services['${key}']`).join(', ')}`
  }, resource, ['IntegrationUri'])
}

function findActions ({ requestTemplates, requestParameters }: JsonObject): string[] {
  const templates = isPlainObject(requestTemplates) ? Object.values(requestTemplates) : []
  const parameters = isPlainObject(requestParameters) ? Object.entries(requestParameters) : []
  const found = [
    ...templates.flatMap((template) => /(?:^|&)\s*Action=([A-Za-z]+)/.exec(printJson(template))?.[1] ?? []),
    ...parameters.flatMap(([name, source]) => {
      const pattern = /^integration\.request\.header\.x-amz-target$/i.test(name)
        ? /^'[^']*?([A-Za-z]+)'$/
        : /^integration\.request\.querystring\.Action$/.test(name) ? /^'([A-Za-z]+)'$/ : undefined
      return pattern?.exec(printJson(source))?.[1] ?? []
    })
  ]
  return [...new Set(found)]
}
