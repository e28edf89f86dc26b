// Where clients connect: a server for each stage, and for each path of a custom domain.
import type { AsyncAPIOptions, StageOptions } from '../../../types/index.js'
import type { DeclaredApi } from '../declared-api.ts'
import type { Report } from '../report.ts'
import type { JsonObject } from '../resource.ts'
import { createKey } from './keys.ts'

const HOST_OF_NOBODY = 'localhost'

export function describeServers (
  { options, prefix }: DeclaredApi, documentOptions: AsyncAPIOptions, security: JsonObject, report: Report
): JsonObject {
  const servers: JsonObject = {}
  const keys = new Map<string, string>()
  const schemes = Object.keys(security).map((key) => ({ $ref: `#/components/securitySchemes/${key}` }))
  const stages = stagesOf(options).filter(({ stageName }) => documentOptions.stages?.includes(stageName) !== false)

  function add (name: string, server: JsonObject): void {
    servers[createKey(name, keys)] = { ...server, ...(schemes.length === 0 ? undefined : { security: schemes }) }
  }

  const host = documentOptions.host ?? options.domainName
  if (options.disableExecuteApiEndpoint !== true) {
    if (host === undefined) {
      report.add('info', {
        code: 'host-unknown', message: `neither option host nor the API's domainName says where clients connect; ${HOST_OF_NOBODY} stands for it`
      })
    }
    for (const { stageName, description } of stages) {
      add(stageName, {
        host: host ?? HOST_OF_NOBODY,
        protocol: documentOptions.protocol ?? (host === undefined ? 'ws' : 'wss'),
        pathname: `${prefix}/${stageName}`,
        ...(description === undefined ? undefined : { description })
      })
    }
  }
  for (const { domainName, apiMappings } of options.domainNames ?? []) {
    for (const { apiMappingKey = '', stage } of apiMappings) {
      if (!stages.some(({ stageName }) => stageName === stage)) continue
      add(`${domainName.replace(/^\*\./, '')}${apiMappingKey === '' ? '' : `-${apiMappingKey}`}`, {
        ...describeHost(domainName),
        protocol: documentOptions.protocol ?? 'wss',
        pathname: `${prefix}/${apiMappingKey}`,
        description: `stage ${stage}`
      })
    }
  }
  return servers
}

/** `*.example.com` stands for names of one more label. */
function describeHost (domainName: string): JsonObject {
  return domainName.startsWith('*.')
    ? { host: `{name}${domainName.slice(1)}`, variables: { name: { description: 'one label' } } }
    : { host: domainName }
}

export function stagesOf ({ stages, stage }: DeclaredApi['options']): readonly StageOptions[] {
  return stages ?? [{ stageName: stage as string }]
}
