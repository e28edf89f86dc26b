// The @connections commands on connections of this process.
import { isUtf8 } from 'node:buffer'
import type { ConnectionInformation, WebSocketIdentity } from '../../types/index.js'
import { isConnectionId } from '../api/index.ts'
import type { Api, Connection } from '../api/index.ts'
import {
  BadRequestException, GoneException, LimitExceededException, MessageDataError, PayloadTooLargeException
} from '../errors.ts'

const CLOSED_NORMALLY = { code: 1000, reason: 'Connection Closed Normally' }

export class ConnectionsCommands {
  readonly #api: Api

  constructor (api: Api) {
    this.#api = api
  }

  post (connectionId: string, data: string | Uint8Array): void {
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

  get (connectionId: string): ConnectionInformation {
    checkConnectionId(connectionId)
    const { connectedAt, lastActiveAt, identity } = this.#find(connectionId)
    return {
      connectedAt: new Date(connectedAt),
      lastActiveAt: new Date(lastActiveAt),
      identity: describeIdentity(identity)
    }
  }

  delete (connectionId: string): void {
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
