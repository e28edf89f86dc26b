// serve: runs a definition with its own handlers.
import { resolve } from 'node:path'
import { CliUsageError } from '../errors.ts'
import type { Command } from './command.ts'
import { GROUPS } from './import-options.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const LARGEST_PORT = 65535

export const SERVE: Command = {
  name: 'serve',
  summary: 'Runs a definition with its own Lambda handlers.',
  usage: ['<file|dir|-> [options]'],
  description: `Reads a definition as "check" does, starts its Node.js functions unmodified, each in a process of its own with its own environment variables, and listens. Stage URLs go to stdout, everything else to stderr.

Handlers find their API as on AWS: requestContext.domainName is {apiId}.execute-api.{region}.amazonaws.com, and clients of this machine say localhost. Handlers that post to https://{that name}/{stage}/@connections reach AWS, unless you choose --intercept, which leads connections to exactly that name and the definition's custom domains to this server; or --domain-name; or give handlers the endpoint by --env. @connections asks for no credentials and answers this machine alone.

The SDK in handlers calls the services of AWS with the credentials of this machine. AWS_ENDPOINT_URL_DYNAMODB and its like lead it elsewhere.`,
  positionals: [0, 1],
  options: [
    {
      title: 'Server',
      options: [
        { name: 'port', short: 'p', value: '<number>', help: 'PORT, else 3000, where absent. 0 takes a free one.' },
        { name: 'host', value: '<address>', help: 'The address to listen at: localhost where absent, so that only this machine gets in.' },
        { name: 'watch', short: 'w', help: 'Loads handlers anew when their code changes. Connections stay; a handler that cannot be loaded changes nothing.' },
        { name: 'log-level', value: '<level>', help: `What is told of the gateway's log: ${LOG_LEVELS.join(', ')}. warn where absent.` }
      ]
    },
    {
      title: 'How handlers reach @connections',
      options: [
        { name: 'intercept', help: "Leads https connections that handlers make to the API's execute-api name, or to one of its custom domains, to this server. No other connection is touched." },
        { name: 'domain-name', value: '<host>', help: 'requestContext.domainName, in place of {apiId}.execute-api.{region}.amazonaws.com. TLS in front of this server is yours to provide.' }
      ]
    },
    {
      title: 'What handlers are run with',
      options: [
        ...GROUPS.functions.options,
        { name: 'services', value: '<module>', help: "A module that exports services = { 'sqs:SendMessage': handler }: what stands for the actions of AWS's services that integrations call." },
        { name: 'env', value: '<[function:]name=value>', isRepeatable: true, help: "An environment variable of all functions, or of one. Wins over the definition's." },
        { name: 'lambda-endpoint', value: '<url>', help: 'Calls functions that cannot run here at this endpoint of Lambda ("sam local start-lambda"), through @aws-sdk/client-lambda.' },
        { name: 'allow-missing', help: 'Listens although functions, services or values are missing. Who calls a missing one gets Internal server error.' }
      ]
    },
    GROUPS.source,
    GROUPS.values,
    GROUPS.report
  ],
  examples: [
    ['serve template.yaml --intercept --watch', 'A SAM application while you write it'],
    ['serve . --port 8080 --map OnMessage=dist/message.js#handler', 'The definition of this folder, one handler from elsewhere'],
    ['serve template.yaml --services services.js', 'Integrations with SQS, Step Functions, …: your functions stand for them'],
    ['serve template.yaml --param TableName=chat --env AWS_ENDPOINT_URL_DYNAMODB=http://localhost:8000', 'A DynamoDB stand-in in place of AWS'],
    ['serve cdk.out/ChatStack.template.json --intercept', 'A CDK application, synthesized']
  ],
  exitCodes: {
    0: 'ended by Ctrl-C, every $disconnect run',
    1: 'the report has errors, something is missing, the address is not free, or with --strict there are warnings; nothing listens',
    2: 'the definition cannot be read, or the call is wrong'
  },
  async run (call) {
    const { values, env, directory } = call
    const logLevel = values.get('log-level') ?? 'warn'
    if (!LOG_LEVELS.includes(logLevel)) throw new CliUsageError(`--log-level is "${logLevel}"; it must be one of ${LOG_LEVELS.join(', ')}`)
    const lambdaEndpoint = values.get('lambda-endpoint')
    if (lambdaEndpoint !== undefined && !/^https?:\/\/./.test(lambdaEndpoint)) {
      throw new CliUsageError(`--lambda-endpoint is "${lambdaEndpoint}"; it must be a URL such as http://localhost:3001`)
    }
    const functionsDirectory = values.get('functions')
    const { serve } = await import('./serve/serve.ts')
    return await serve(call, {
      port: readPort(values.get('port') ?? env.PORT ?? '3000'),
      host: values.get('host') ?? 'localhost',
      logLevel,
      functionsDirectory: functionsDirectory === undefined ? undefined : resolve(directory, functionsDirectory)
    })
  }
}

function readPort (text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > LARGEST_PORT) throw new CliUsageError(`--port is "${text}"; it must be a number from 0 to ${LARGEST_PORT}`)
  return port
}
