// The handlers of `--services`: what stands for actions of AWS's other services.
import { resolve } from 'node:path'
import type { ServiceHandler } from '../../../types/index.js'
import { CliInputError, ServiceUnboundError } from '../../errors.ts'
import type { Missing } from './function-bindings.ts'
import { urlOf } from './handler-file.ts'
import type { Required } from './required.ts'

export type Services = Record<string, ServiceHandler>

/** Loads the module: its export `services`, else its default export. Throws AGW_ERR_CLI_INPUT. */
export async function loadServices (path: string, directory: string): Promise<Services> {
  const file = resolve(directory, path)
  let module: { services?: unknown, default?: unknown }
  try {
    module = await import(urlOf(file))
  } catch (error) {
    throw Object.assign(new CliInputError(`--services ${path} cannot be loaded: ${(error as Error).message}`), { cause: error })
  }
  const services = module.services ?? module.default
  const entries = typeof services === 'object' && services !== null ? Object.entries(services) : []
  if (entries.length === 0 || entries.some(([, handler]) => typeof handler !== 'function')) {
    throw new CliInputError(`--services ${path} exports no handlers; it must export services, or a default, of the form { 'sqs:SendMessage': async (request) => ({ body: {} }) }`)
  }
  return Object.fromEntries(entries) as Services
}

/** Actions that nothing is bound to. */
export function listMissingServices (required: Required, services: Services): Missing[] {
  const names = Object.keys(services)
  return [...required].filter(([name]) => {
    const [service] = name.split(':')
    const isPath = name.endsWith(':*')
    return !names.some((given) => given === name || given === `${service}:*` || (isPath && given.startsWith(`${service}:`)))
  }).map(([name, places]) => ({
    name,
    why: `nothing stands for it (called by ${places.join(', ')})`,
    hint: `--services <module>, which exports services = { '${name}': async (request) => ({ body: {} }) }`
  }))
}

/** Lets an API be registered without them: who calls one gets Internal server error. */
export function bindMissingServices (missing: readonly Missing[]): Services {
  return Object.fromEntries(missing.map(({ name }) => [name, () => { throw new ServiceUnboundError(name) }]))
}
