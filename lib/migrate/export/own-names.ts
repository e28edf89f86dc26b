// What is this API's own in an ARN or a URL becomes a reference, so that the template can be deployed elsewhere.
import type { DeclaredApi } from '../declared-api.ts'
import { partitionOf, urlSuffixOf } from '../../partitions.ts'
import { ACCOUNT_ID, PARTITION, REGION, URL_SUFFIX } from './value.ts'
import type { Part, TemplateReference } from './value.ts'

const DEFAULT_REGION = 'us-east-1'
const DEFAULT_ACCOUNT_ID = '123456789012'
const ARN = /^arn:aws[a-z-]*:/
const PARTITION_NAME = /^aws(?:-[a-z]+)*$/

export class OwnNames {
  readonly region: string
  readonly accountId: string
  readonly #apiId: string
  readonly #api: TemplateReference

  constructor ({ options, apiId }: DeclaredApi, api: TemplateReference) {
    this.region = options.region ?? DEFAULT_REGION
    this.accountId = options.accountId ?? DEFAULT_ACCOUNT_ID
    this.#apiId = apiId
    this.#api = api
  }

  /** An ARN in which partition, region, account and API are references where they are this API's; other texts as they are. */
  splitArn (text: string): Part[] {
    if (!ARN.test(text)) return [text]
    const references: Record<string, TemplateReference> = {
      [this.region]: REGION, [this.accountId]: ACCOUNT_ID, [this.#apiId]: this.#api
    }
    const words = text.split(/([:/])/)
    return joinTexts(words.map((word, i) => {
      if (PARTITION_NAME.test(word) && words[i - 2] === 'arn') return PARTITION
      return Object.hasOwn(references, word) ? references[word] as TemplateReference : word
    }))
  }

  /** A text in which the host of this API's own default endpoint is made of references. */
  splitUrl (text: string): Part[] {
    const host = `${this.#apiId}.execute-api.${this.region}.${urlSuffixOf(partitionOf(this.region))}`
    const texts = text.split(host)
    return joinTexts(texts.flatMap((part, i): Part[] => i === 0 ? [part] : [...this.host, part]))
  }

  /** The host of the API's default endpoint. */
  get host (): Part[] {
    return [this.#api, '.execute-api.', REGION, '.', URL_SUFFIX]
  }
}

/** Neighbouring texts become one, empty ones nothing. */
export function joinTexts (parts: readonly Part[]): Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part !== 'string') joined.push(part)
    else if (typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '') joined.push(part)
  }
  return joined.length === 0 ? [''] : joined
}
