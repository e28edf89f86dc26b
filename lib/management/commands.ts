// The @connections commands, in process. Asynchronous although nothing here waits: the connection may one day be
// another node's.
import { isUtf8 } from 'node:buffer'
import type { ConnectionInformation, Connections, WebSocketIdentity } from '../../types/index.js'
import { isConnectionId } from '../api/index.ts'
import type { Api, Connection } from '../api/index.ts'
import {
  BadRequestException, GoneException, LimitExceededException, MessageDataError, PayloadTooLargeException
} from '../errors.ts'

const CLOSED_NORMALLY = { code: 1000, reason: 'Connection Closed Normally' }

export class ConnectionsCommands implements Connections {
  readonly #api: Api

  constructor (api: Api) {
    this.#api = api
  }

  async postToConnection (connectionId: string, data: string | Uint8Array): Promise<void> {
    const { bufferedBytes, messageBytes } = this.#api.settings.quotas
    checkConnectionId(connectionId)
    if (typeof data !== 'string' && !(data as unknown instanceof Uint8Array)) throw new MessageDataError(describe(data))
    const size = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
    if (size > messageBytes) throw new PayloadTooLargeException()
    const connection = this.#find(connectionId)
    if ((connection.socket?.bufferedBytes ?? 0) > bufferedBytes) throw new LimitExceededException()
    // Frames are text: what is no UTF-8 is replaced.
    connection.send(typeof data === 'string' || isUtf8(data) ? data : decode(data))
  }

  async getConnection (connectionId: string): Promise<ConnectionInformation> {
    checkConnectionId(connectionId)
    const { connectedAt, lastActiveAt, identity } = this.#find(connectionId)
    return {
      connectedAt: new Date(connectedAt),
      lastActiveAt: new Date(lastActiveAt),
      identity: describeIdentity(identity)
    }
  }

  async deleteConnection (connectionId: string): Promise<void> {
    checkConnectionId(connectionId)
    this.#find(connectionId).socket?.close(CLOSED_NORMALLY.code, CLOSED_NORMALLY.reason)
  }

  #find (connectionId: string): Connection {
    const connection = this.#api.openConnections.get(connectionId)
    if (connection?.socket?.isOpen !== true) throw new GoneException(connectionId)
    return connection
  }
}

/** What AWS tells; who the client is to the API stays with the API. */
function describeIdentity ({ sourceIp, userAgent }: WebSocketIdentity): ConnectionInformation['identity'] {
  return userAgent === undefined ? { sourceIp } : { sourceIp, userAgent }
}

function describe (data: unknown): string {
  return data === null ? 'null' : Array.isArray(data) ? 'a list' : `a value of type ${typeof data}`
}

function checkConnectionId (connectionId: string): void {
  if (!isConnectionId(connectionId)) throw new BadRequestException(connectionId)
}

/** UTF-8, what is none of it replaced. */
function decode (data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()
}
