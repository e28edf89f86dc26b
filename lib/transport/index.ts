// The door of the transport, the only room that knows ws.
export { unwatchAnsweredUpgrades, watchAnsweredUpgrades } from './answered-upgrades.ts'
export { drain, joinDrains } from './drain.ts'
export { createUpgradeCheck, onUpgradeAnswered, openConnection, runConnect } from './handshake.ts'
export { createRequestSerializer } from './log-redaction.ts'
export { Transport } from './transport.ts'
export type { UpgradeTarget } from './upgrade-checks.ts'
