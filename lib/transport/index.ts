// The door of the transport, the only room that knows ws.
export { DEFAULT_DRAIN, drain } from './drain.ts'
export { onUpgradeRequest, onUpgradeResponse, openConnection, runConnect } from './handshake.ts'
export { Transport } from './transport.ts'
export { isDomain } from './upgrade-checks.ts'
export type { UpgradeTarget } from './upgrade-checks.ts'
