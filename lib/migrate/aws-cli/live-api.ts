// A live API, asked through the optional peer @aws-sdk/client-apigatewayv2 for what the AWS CLI would answer.
import type { LiveApi } from '../../../types/migrate.js'
import { DefinitionClientMissingError, DefinitionLiveApiError } from '../../errors.ts'
import { asList, asObject, isObject } from '../json.ts'
import type { Json, JsonObject } from '../resource.ts'

/** What is used of the SDK. */
interface Sdk {
  readonly ApiGatewayV2Client: new (config: object) => SdkClient
}
interface SdkClient {
  send (command: object): Promise<object>
  destroy (): void
}
type Command = new (input: object) => object

/** More pages than any API has: an endpoint that never ends must not keep us. */
const MOST_PAGES = 1000

/** Options of the plugin have an `apiId`, too, and are no definition. */
export function isLiveApi (source: unknown): source is LiveApi {
  return isObject(source) && typeof source.apiId === 'string' && source.routes === undefined && source.stages === undefined
}

/** The answers of all commands, by command and id. Throws coded errors where the SDK is not there or AWS refuses. */
export async function fetchLiveApi ({ apiId, ...config }: LiveApi, region: string | undefined): Promise<JsonObject> {
  const sdk = await loadSdk()
  const client = new sdk.ApiGatewayV2Client({ ...(region === undefined ? undefined : { region }), ...config })
  try {
    return await new Fetcher(sdk, client, apiId).fetchAll()
  } catch (error) {
    if (error instanceof DefinitionLiveApiError) throw error
    const { name, message } = error as Error
    throw Object.assign(new DefinitionLiveApiError(apiId, `${name}: ${message}`), { cause: error })
  } finally {
    client.destroy()
  }
}

async function loadSdk (): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-apigatewayv2') as unknown as Sdk
  } catch (error) {
    throw Object.assign(new DefinitionClientMissingError((error as Error).message), { cause: error })
  }
}

class Fetcher {
  readonly #sdk: Sdk
  readonly #client: SdkClient
  readonly #apiId: string
  readonly #answers = Object.create(null) as JsonObject

  constructor (sdk: Sdk, client: SdkClient, apiId: string) {
    this.#sdk = sdk
    this.#client = client
    this.#apiId = apiId
  }

  async fetchAll (): Promise<JsonObject> {
    this.#answers['get-api'] = await this.#send('GetApiCommand', { ApiId: this.#apiId })
    await this.#fetchItems('get-stages', 'GetStagesCommand', { ApiId: this.#apiId })
    await this.#fetchItems('get-deployments', 'GetDeploymentsCommand', { ApiId: this.#apiId })
    await this.#fetchItems('get-models', 'GetModelsCommand', { ApiId: this.#apiId })
    await this.#fetchItems('get-authorizers', 'GetAuthorizersCommand', { ApiId: this.#apiId })
    for (const { IntegrationId } of await this.#fetchItems('get-integrations', 'GetIntegrationsCommand', { ApiId: this.#apiId })) {
      await this.#fetchItems(`get-integration-responses.${String(IntegrationId)}`, 'GetIntegrationResponsesCommand', { ApiId: this.#apiId, IntegrationId })
    }
    for (const { RouteId } of await this.#fetchItems('get-routes', 'GetRoutesCommand', { ApiId: this.#apiId })) {
      await this.#fetchItems(`get-route-responses.${String(RouteId)}`, 'GetRouteResponsesCommand', { ApiId: this.#apiId, RouteId })
    }
    await this.#fetchDomainNames()
    return this.#answers
  }

  /** Of the account's domain names those that lead to the API. */
  async #fetchDomainNames (): Promise<void> {
    const domains = await this.#fetchAllPages('GetDomainNamesCommand', {})
    const own: Json[] = []
    for (const domain of domains) {
      const mappings = await this.#fetchAllPages('GetApiMappingsCommand', { DomainName: domain.DomainName })
      if (!mappings.some(({ ApiId }) => ApiId === this.#apiId)) continue
      own.push(domain)
      this.#answers[`get-api-mappings.${String(domain.DomainName)}`] = { Items: mappings }
    }
    this.#answers['get-domain-names'] = { Items: own }
  }

  async #fetchItems (name: string, command: string, input: object): Promise<JsonObject[]> {
    const items = await this.#fetchAllPages(command, input)
    this.#answers[name] = { Items: items }
    return items
  }

  async #fetchAllPages (command: string, input: object): Promise<JsonObject[]> {
    const items: JsonObject[] = []
    let NextToken: Json | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#send(command, { ...input, ...(NextToken === undefined ? undefined : { NextToken }) })
      items.push(...asList(answer.Items).map(asObject))
      const { NextToken: next } = answer
      if (next === undefined || next === null || next === '') return items
      if (next === NextToken) break
      NextToken = next
    }
    throw new DefinitionLiveApiError(this.#apiId, `${command} never comes to the last page`)
  }

  /** As the AWS CLI prints it: dates are texts. */
  async #send (command: string, input: object): Promise<JsonObject> {
    const Command = (this.#sdk as unknown as Record<string, Command>)[command] as Command
    const { $metadata: _, ...answer } = await this.#client.send(new Command(input)) as JsonObject
    return asObject(JSON.parse(JSON.stringify(answer)) as Json)
  }
}
