// A request handler for the AWS SDK v3 that answers @connections in process: unmodified code in unit tests.
import { Readable } from 'node:stream'
import type { ConnectionsRequestHandler } from '../../types/index.js'
import type { Api, Stage } from '../api/index.ts'
import { answerConnectionsRequest } from './answer.ts'
import type { ConnectionsAnswer } from './answer.ts'
import { ConnectionsCommands } from './commands.ts'

/** What the SDK hands to a request handler, as far as it matters here. */
interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>
}

export function createRequestHandler (api: Api): ConnectionsRequestHandler {
  const commands = new ConnectionsCommands(api)
  return {
    async handle (request: SdkRequest) {
      const { statusCode, headers, body } = await new Promise<ConnectionsAnswer>((resolve, reject) => {
        answerConnectionsRequest(api, commands, {
          method: request.method,
          target: request.path,
          segment: '',
          stage: findStage(api, request.path),
          readBody: (complete, fail) => { readSdkBody(request.body).then(complete, fail) }
        }, resolve, reject)
      })
      return { response: { statusCode, headers, body: Readable.from(body === '' ? [] : [Buffer.from(body)]) } }
    },
    updateHttpClientConfig () {},
    httpHandlerConfigs () { return {} },
    destroy () {}
  }
}

/** In process there is no host: the path names the stage, as on the default endpoint. */
function findStage (api: Api, path: string): Stage | undefined {
  const [base] = path.split(/\/+(?:@|%40)connections/) as [string]
  return api.stages.get(base.split('/').at(-1) as string)
}

async function readSdkBody (body: SdkRequest['body']): Promise<Uint8Array> {
  if (body === undefined || typeof body === 'string') return Buffer.from(body ?? '')
  if (body instanceof Uint8Array) return body
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
