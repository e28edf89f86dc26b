// MOCK: nothing is called; the request body names the status.
import { MockStatusError } from '../errors.ts'
import { outlineJson, parseLenientJson, UNKNOWN } from '../json/index.ts'
import { Refusal } from '../refusal.ts'
import type { Backend, BackendRequest, BackendResponse } from './backend.ts'
import type { IntegrationRequest } from './integration.ts'
import type { Complete } from './pending-call.ts'

export class MockBackend<Request extends IntegrationRequest> implements Backend<Request> {
  call (request: Request, { body = '' }: BackendRequest, complete: Complete<Request, BackendResponse>): void {
    const statusCode = readStatusCode(body.toString())
    complete(request, statusCode === undefined
      ? new Refusal('API_CONFIGURATION_ERROR', new MockStatusError())
      : createAnswer(statusCode))
  }
}

/** Answers are data and the same for each status, of which templates name few. */
const answers = new Map<number, BackendResponse>()

function createAnswer (statusCode: number): BackendResponse {
  const known = answers.get(statusCode)
  if (known !== undefined) return known
  const answer = { statusCode, selectionText: String(statusCode), connectOutcome: statusCode, headers: {}, body: '' }
  if (statusCode >= 100 && statusCode <= 599) answers.set(statusCode, answer)
  return answer
}

const STATUS_CODE = 'statusCode'
const STATUS_CODE_PATH = [STATUS_CODE]

/** The integer `statusCode` of an object in lenient JSON. */
function readStatusCode (text: string): number | undefined {
  const outlined = outlineJson(text)?.read(STATUS_CODE_PATH) ?? UNKNOWN
  const statusCode = outlined === UNKNOWN ? parseStatusCode(text) : outlined
  return typeof statusCode === 'number' ? statusCode : undefined
}

function parseStatusCode (text: string): unknown {
  try {
    const parsed = parseLenientJson(text.trim())
    return parsed instanceof Map ? parsed.get(STATUS_CODE) : undefined
  } catch {
    return undefined
  }
}
