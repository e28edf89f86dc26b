// Every property of the resources of AWS::ApiGateway that WebSocket APIs share with REST APIs: keys and usage plans.
import { carried, flag, integer, join, listOf, mapOf, number, object, oneOf, option, required, tags, text } from './property.ts'
import type { PropertyTable } from './property.ts'

const throttle: PropertyTable = { BurstLimit: option(integer(0)), RateLimit: option(number(0)) }

export const API_KEY: PropertyTable = {
  Name: carried(text({ maxLength: 1024 })),
  Value: option(text({ minLength: 20, maxLength: 128, isSecret: true })),
  Enabled: option(flag),
  Description: carried(text()),
  CustomerId: carried(text()),
  GenerateDistinctId: carried(flag),
  StageKeys: carried(listOf(object({ RestApiId: carried(text()), StageName: carried(text()) }))),
  Tags: carried(tags)
}

export const USAGE_PLAN: PropertyTable = {
  UsagePlanName: carried(text()),
  Description: carried(text()),
  ApiStages: option(listOf(object({
    ApiId: option(text()),
    Stage: required(option(text())),
    Throttle: option(mapOf(object(throttle)))
  }))),
  Throttle: option(object(throttle)),
  Quota: option(object({
    Limit: required(option(integer(0))), Offset: option(integer(0)), Period: required(option(oneOf('DAY', 'WEEK', 'MONTH')))
  })),
  Tags: carried(tags)
}

export const USAGE_PLAN_KEY: PropertyTable = {
  KeyId: join(),
  KeyType: required({ type: oneOf('API_KEY'), fate: 'join' }),
  UsagePlanId: join()
}
