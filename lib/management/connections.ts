// `app.webSocketApi.connections` and `context.connections`. Promises although nothing here waits: the connection may one
// day be another node's.
import type { ConnectionInformation, Connections } from '../../types/index.js'
import type { Api } from '../api/index.ts'
import { ConnectionsCommands } from './commands.ts'

export class InProcessConnections implements Connections {
  readonly #commands: ConnectionsCommands

  constructor (api: Api) {
    this.#commands = new ConnectionsCommands(api)
  }

  async postToConnection (connectionId: string, data: string | Uint8Array): Promise<void> {
    this.#commands.post(connectionId, data)
  }

  async getConnection (connectionId: string): Promise<ConnectionInformation> {
    return this.#commands.get(connectionId)
  }

  async deleteConnection (connectionId: string): Promise<void> {
    this.#commands.delete(connectionId)
  }
}
