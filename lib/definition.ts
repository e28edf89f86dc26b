// The words of a definition: the names AWS reserves and the forms it prescribes.

/** Route keys with a meaning of their own. Every other key that begins with `$` is refused by AWS. */
export const CONNECT_ROUTE_KEY = '$connect'
export const DISCONNECT_ROUTE_KEY = '$disconnect'
export const DEFAULT_ROUTE_KEY = '$default'

export const RESERVED_ROUTE_KEYS: readonly string[] = [CONNECT_ROUTE_KEY, DISCONNECT_ROUTE_KEY, DEFAULT_ROUTE_KEY]

/** The key behind all others, of models, templates and responses as of routes. */
export const DEFAULT_KEY = '$default'

/** `EventType` of a connection's three kinds of events. */
export type EventType = 'CONNECT' | 'MESSAGE' | 'DISCONNECT'

/** A stage's name as AWS allows it (also a path segment, so nothing needs decoding). */
export const STAGE_NAME_PATTERN = '^[A-Za-z0-9_-]{1,128}$'

/** A custom domain, with the port of a server that people try things with. */
export const DOMAIN_NAME_PATTERN = '^(\\*\\.)?[A-Za-z0-9.-]+(:\\d+)?$'
/** What the pattern allows, for people. */
export const DOMAIN_NAME_ALLOWED = 'a host name, or *. and a host name'

/** A model's name. */
export const MODEL_NAME_PATTERN = '^[A-Za-z0-9]{1,128}$'

/** Stage variables as the service model prescribes them. */
export const STAGE_VARIABLE_NAME_PATTERN = '^[A-Za-z0-9_]{1,64}$'
export const STAGE_VARIABLE_VALUE_PATTERN = '^[A-Za-z0-9-._~:/?#&=,]{1,512}$'
