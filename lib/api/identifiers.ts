// The 16-character ids of API Gateway: base64url of 11 bytes with one "=".
import { randomBytes, randomFillSync, randomUUID } from 'node:crypto'

const NODE_TAG_BYTES = 3
const RANDOM_BYTES = 8
const POOLED_IDS = 512
const CONNECTION_ID_LENGTH = 16
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** 11 bytes fill 14 characters and 4 bits of the 15th, whose last two bits are therefore zero in the one canonical form. */
const CONNECTION_ID = /^[A-Za-z0-9_-]{14}[AEIMQUYcgkosw048]=$/

/** Tells whether a text is an id in the gateway's own form; asked before anything is looked up by it. */
export function isConnectionId (text: string): boolean {
  return CONNECTION_ID.test(text)
}

/**
 * Makes connection ids: 3 bytes that name this process, so that nodes can find the owner from the id alone, and 64
 * random bits, drawn many at a time because one `randomBytes` call costs more than all else of an id.
 */
export class ConnectionIdSource {
  readonly #bytes = Buffer.alloc(NODE_TAG_BYTES + RANDOM_BYTES)
  readonly #pool = Buffer.alloc(POOLED_IDS * RANDOM_BYTES)
  /** The text of an id, of which the last character never changes. */
  readonly #text = Buffer.alloc(CONNECTION_ID_LENGTH, '=')
  #offset = POOLED_IDS * RANDOM_BYTES

  constructor (nodeTag: Uint8Array = randomBytes(NODE_TAG_BYTES)) {
    this.#bytes.set(nodeTag)
  }

  next (): string {
    if (this.#offset === this.#pool.length) {
      randomFillSync(this.#pool)
      this.#offset = 0
    }
    this.#pool.copy(this.#bytes, NODE_TAG_BYTES, this.#offset, this.#offset + RANDOM_BYTES)
    this.#offset += RANDOM_BYTES
    this.#text.write(this.#bytes.toString('base64url'), 'latin1')
    // One flat string, where a concatenation would stay two for the connection's life.
    return this.#text.toString('latin1')
  }
}

const TWO_CHARACTERS = Array.from({ length: 4096 }, (_, i) => ALPHABET.charAt(i >> 6) + ALPHABET.charAt(i & 63))
const LAST_CHARACTERS = Array.from({ length: 16 }, (_, i) => `${ALPHABET.charAt(i << 2)}=`)
const IDS_OF_A_PREFIX = 0x10000

/**
 * Makes request and message ids. They need to be unique, not secret: a random 72-bit prefix, and a counter for the
 * remaining 16 bits that draws a new prefix when it is used up.
 */
export class RequestIdSource {
  #prefix = ''
  #counter = IDS_OF_A_PREFIX

  next (): string {
    if (this.#counter === IDS_OF_A_PREFIX) {
      this.#prefix = randomBytes(9).toString('base64url')
      this.#counter = 0
    }
    const counter = this.#counter++
    return this.#prefix + ((TWO_CHARACTERS[counter >> 4] as string) + (LAST_CHARACTERS[counter & 15] as string))
  }
}

const THREE_HEX_DIGITS = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'))

/**
 * Makes X-Ray trace ids: `Root=1-{seconds in hex}-{24 hex digits}`. A counter fills the last three; with each second, and
 * where it is used up, the others are drawn anew.
 */
export class TraceIdSource {
  #second = -1
  #prefix = ''
  #counter = 0

  next (epochMillis: number): string {
    const second = Math.floor(epochMillis / 1000)
    if (second !== this.#second || this.#counter === THREE_HEX_DIGITS.length) {
      this.#second = second
      this.#prefix = `Root=1-${second.toString(16)}-${randomBytes(11).toString('hex').slice(1)}`
      this.#counter = 0
    }
    return this.#prefix + (THREE_HEX_DIGITS[this.#counter++] as string)
  }
}

/** Makes UUIDs of version 4 for what needs to be unique, not secret: a counter fills the last three digits. */
export class UuidSource {
  #prefix = ''
  #counter = THREE_HEX_DIGITS.length

  next (): string {
    if (this.#counter === THREE_HEX_DIGITS.length) {
      this.#prefix = randomUUID().slice(0, -3)
      this.#counter = 0
    }
    return this.#prefix + (THREE_HEX_DIGITS[this.#counter++] as string)
  }
}
