// contentHandlingStrategy: what Base64 is made of, or into, on the way to the back end and back.
import { isUtf8 } from 'node:buffer'
import { ContentHandlingError } from '../errors.ts'

export type ContentHandlingStrategy = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT'

/** Base64 as AWS decodes it: the standard alphabet, padded. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The message as the back end gets it: text, or the bytes that its Base64 stands for. Throws AGW_ERR_MAPPING_CONTENT. */
export function convertRequest (text: string, strategy: ContentHandlingStrategy | undefined): string | Buffer {
  return strategy === 'CONVERT_TO_BINARY' ? decodeBase64(text) : text
}

/** The back end's body as text for a template or a frame. Throws AGW_ERR_MAPPING_CONTENT. */
export function convertResponse (body: string | Buffer, strategy: ContentHandlingStrategy | undefined): string {
  const isText = typeof body === 'string' || isUtf8(body)
  if (strategy === 'CONVERT_TO_BINARY' && isText) {
    const bytes = decodeBase64(body.toString())
    if (!isUtf8(bytes)) throw new ContentHandlingError('the decoded body is not text, and frames are')
    return bytes.toString()
  }
  return !isText && strategy === 'CONVERT_TO_TEXT' ? body.toString('base64') : body.toString()
}

function decodeBase64 (text: string): Buffer {
  if (!BASE64.test(text)) throw new ContentHandlingError('CONVERT_TO_BINARY was given what is not Base64')
  return Buffer.from(text, 'base64')
}
