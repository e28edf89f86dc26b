// The environment variables of a function: its own, and those that Lambda's runtime sets.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

export interface FunctionEnvironmentOptions {
  readonly name: string
  readonly handler: string
  /** `LAMBDA_TASK_ROOT` */
  readonly directory: string
  readonly memoryInMegabytes: number
  /** What the definition says. */
  readonly environment: Readonly<Record<string, string>>
  /** What the user says. */
  readonly overrides: Readonly<Record<string, string>>
  readonly region: string
  /** Of the server. */
  readonly inherited: Environment
  /** The working folder of the server, whose packages stand for those that Lambda supplies. */
  readonly projectDirectory: string
}

/** What a handler signs with where this machine has no credentials of AWS. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'LOCALACCESSKEYID', secretAccessKey: 'local-secret-access-key' } as const

/** Tell the SDK that it runs in another service, whose credentials it then looks for. */
const NOT_INHERITED: ReadonlySet<string> = new Set(['AWS_EXECUTION_ENV', 'AWS_SESSION_EXPIRATION'])
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'
]

export function createFunctionEnvironment (options: FunctionEnvironmentOptions): Record<string, string> {
  const { name, handler, directory, memoryInMegabytes, region, inherited, projectDirectory } = options
  const variables: Record<string, string | undefined> = {
    ...inherited,
    ...(hasCredentials(inherited)
      ? undefined
      : { AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey }),
    TZ: 'UTC',
    ...options.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryInMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: createLogStreamName(),
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: directory,
    ...options.overrides
  }
  const modules = join(projectDirectory, 'node_modules')
  variables.NODE_PATH = variables.NODE_PATH === undefined ? modules : `${variables.NODE_PATH}${delimiter}${modules}`
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] =>
    entry[1] !== undefined && !(NOT_INHERITED.has(entry[0]) && entry[1] === inherited[entry[0]])))
}

export function createLogStreamName (): string {
  return `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${process.pid}`
}

/** Whether the SDK would find credentials that somebody gave this machine. */
export function hasCredentials (env: Environment): boolean {
  if (CREDENTIALS.some((name) => (env[name] ?? '') !== '')) return true
  const folder = join(env.HOME ?? homedir(), '.aws')
  return [env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials'), env.AWS_CONFIG_FILE ?? join(folder, 'config')].some((file) => existsSync(file))
}
