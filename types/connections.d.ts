// The @connections commands, in process.

/** What `getConnection` tells. */
export interface ConnectionInformation {
  /** When it was opened. */
  connectedAt: Date
  /** Moves with every message in either direction. */
  lastActiveAt: Date
  /** Who opened it. */
  identity: { sourceIp: string, userAgent?: string }
}

/**
 * The `@connections` commands without HTTP. All reject with
 * `GoneException` (410: no such open connection), `BadRequestException` (400: not a connection id);
 * `postToConnection` also with `PayloadTooLargeException` (413: above `quotas.messageBytes`)
 * and `LimitExceededException` (429: the client does not read, its send buffer is full).
 */
export interface Connections {
  /** Sends one text message; resolves when it was handed to the open socket. */
  postToConnection (connectionId: string, data: string | Uint8Array): Promise<void>
  /** Looks at a connection; that does not count as activity. */
  getConnection (connectionId: string): Promise<ConnectionInformation>
  /** Flushes what was posted, then closes with 1000; `$disconnect` follows. */
  deleteConnection (connectionId: string): Promise<void>
}
