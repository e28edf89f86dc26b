// The course of `serve`: read, bind, load, listen, and let everything go at the end.
import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'
import { FunctionUnboundError } from '../../errors.ts'
import { readPairs } from '../arguments.ts'
import type { Call, ExitCode } from '../command.ts'
import { readDefinition } from '../definition.ts'
import { exitCodeOf, renderCounts, tellReport, writeReport } from '../report.ts'
import { createRunners, loadRunners, watchRunners } from './functions.ts'
import { bindFunctions } from './function-bindings.ts'
import type { Missing } from './function-bindings.ts'
import { readOverrides } from './function-overrides.ts'
import type { FunctionRunner } from './function-runner.ts'
import { interceptNames, nameDefaultDomain } from './names.ts'
import { withoutBound } from './bound-report.ts'
import { listRequired } from './required.ts'
import { createServer } from './server.ts'
import { bindMissingServices, listMissingServices, loadServices } from './service-bindings.ts'
import { heedSignals } from './shutdown.ts'
import { createTemporaryFolder } from './temporary-folder.ts'
import { tellFunctions, tellListening, tellMissing } from './tell.ts'

export interface ServeOptions {
  readonly port: number
  readonly host: string
  readonly logLevel: string
  readonly functionsDirectory: string | undefined
}

export async function serve (call: Call, { port, host, logLevel, functionsDirectory }: ServeOptions): Promise<ExitCode> {
  const { values, terminal, directory, env } = call
  const imported = await readDefinition(call)
  const allowsMissing = values.has('allow-missing')
  const required = listRequired(imported.options)
  const map = readPairs(values, 'map')
  const bindings = bindFunctions({
    imported, required: required.functions, functionsDirectory, map, directory, inlineDirectory: createTemporaryFolder()
  })
  const servicesPath = values.get('services')
  const services = servicesPath === undefined ? {} : await loadServices(servicesPath, directory)
  const missingServices = listMissingServices(required.services, services)
  const missingFunctions = values.has('lambda-endpoint') ? [] : bindings.missing

  const report = withoutBound(imported.report)
  await writeReport(call, imported.report)
  tellReport(terminal, report, imported.name)
  terminal.note(`${imported.name}: ${renderCounts(report)}`)
  const isRefused = tellMissing(terminal, { functions: missingFunctions, services: missingServices })
  if (!allowsMissing && (isRefused || exitCodeOf(report, values.has('strict')) !== 0)) {
    terminal.note('Nothing was started. --allow-missing starts what there is.')
    return 1
  }

  const options = nameDefaultDomain(imported.options, { domainName: values.get('domain-name'), region: values.get('region') ?? env.AWS_REGION })
  const names = values.has('intercept') ? interceptNames(options) : []
  const runners = createRunners({
    bound: bindings.bound,
    options,
    overridesOf: readOverrides(values.all('env'), bindings.bound.map(({ definition }) => definition.name)),
    intercept: names.length === 0 ? undefined : { names, host, port },
    env,
    directory,
    terminal
  })
  let app: FastifyInstance | undefined
  const stops: Array<() => void> = []
  const endFunctions = (): void => { for (const runner of runners) runner.close() }
  // Their processes are not of the terminal's group, and one in a loop would go on by itself.
  process.once('exit', endFunctions)
  const untilInterrupted = heedSignals()
  try {
    tellFunctions(terminal, bindings.bound, directory)
    const failed = await loadRunners(runners, terminal)
    if (failed.length > 0 && !allowsMissing) return 1
    app = await createServer({
      options: {
        ...options,
        ...lambdaOption(values.get('lambda-endpoint')),
        functions: { ...bindMissingFunctions(missingFunctions), ...Object.fromEntries(runners.map(({ name, handle }) => [name, handle])) },
        services: { ...bindMissingServices(missingServices), ...services }
      },
      terminal,
      logLevel,
      env
    })
    await app.listen({ host, port })
    const address = app.server.address() as AddressInfo
    for (const runner of runners) runner.tellIntercept({ names, host: address.address, port: address.port })
    if (values.has('watch')) stops.push(...watchRunners(runners, terminal))
    tellListening(terminal, { options, host, port: address.port, names, env })
    await untilInterrupted()
    return 0
  } finally {
    for (const stop of stops) stop()
    await app?.close()
    process.off('exit', endFunctions)
    endFunctions()
  }
}

function lambdaOption (endpoint: string | undefined): Pick<ApiGatewayWebSocketOptions, 'lambda'> {
  return endpoint === undefined ? {} : { lambda: { endpoint } }
}

/** Lets an API be registered without them: who calls one gets Internal server error. */
function bindMissingFunctions (missing: readonly Missing[]): Record<string, FunctionRunner['handle']> {
  return Object.fromEntries(missing.map(({ name }) => [name, async () => { throw new FunctionUnboundError('The definition', name) }]))
}
