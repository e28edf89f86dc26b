// The logical ids that the Serverless Framework gives to what it generates: `resources` of a definition refers to them.

export const API_ID = 'WebsocketsApi'
export const STAGE_ID = 'WebsocketsDeploymentStage'
export const LOG_GROUP_ID = 'WebsocketsLogGroup'

const ROUTE_CHARACTERS: Readonly<Record<string, string>> = { $: 'S', '/': 'Slash', '-': 'Dash', _: 'Underscore', '.': 'Period' }

/** Of a function, an authorizer, a layer: `send-all` is `SendDashall`. */
function normalizeName (name: string): string {
  const text = name.replaceAll('-', 'Dash').replaceAll('_', 'Underscore')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const functionId = (name: string): string => `${normalizeName(name)}LambdaFunction`
export const versionId = (name: string): string => `${normalizeName(name)}LambdaVersion`
export const functionLogGroupId = (name: string): string => `${normalizeName(name)}LogGroup`
export const layerId = (name: string): string => `${normalizeName(name)}LambdaLayer`
export const permissionId = (name: string): string => `${normalizeName(name)}LambdaPermissionWebsockets`
export const integrationId = (name: string): string => `${normalizeName(name)}WebsocketsIntegration`
export const authorizerId = (name: string): string => `${normalizeName(name)}WebsocketsAuthorizer`

/** `provisioned` is the alias of provisioned concurrency where it has no name of its own. */
export const provisionedAliasId = (name: string, alias: string): string =>
  `${normalizeName(name)}ProvConc${alias === 'provisioned' ? '' : normalizeName(alias)}LambdaAlias`
export const snapStartAliasId = (name: string): string => `${normalizeName(name)}SnapStartLambdaAlias`
export const durableAliasId = (name: string): string => `${normalizeName(name)}DurableLambdaAlias`

/** `room/join-now` is `roomSlashjoinDashnowWebsocketsRoute`. */
export const routeId = (routeKey: string): string =>
  `${routeKey.replace(/[$/\-_.]/g, (character) => ROUTE_CHARACTERS[character] as string)}WebsocketsRoute`
export const routeResponseId = (routeKey: string): string => `${routeId(routeKey)}Response`

/** From the hash in base64 of everything that is deployed, so that a change makes another one. */
export const deploymentId = (hash: string): string => `WebsocketsDeployment${hash.replace(/[^0-9a-z]/gi, '')}`
