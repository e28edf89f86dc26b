// A stage of an API, compiled.
import type { StageOptions } from '../../types/index.js'
import { compileRouteThrottles } from '../access/index.ts'
import type { RouteThrottles } from '../access/index.ts'

export interface Stage {
  readonly stageName: string
  /** Undefined when the stage has none: events then lack the key. */
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  /** Undefined when no settings of the stage throttle. */
  readonly throttles: RouteThrottles | undefined
}

export function compileStage (options: StageOptions): Stage {
  const { stageName, stageVariables } = options
  return {
    stageName,
    stageVariables: stageVariables !== undefined && Object.keys(stageVariables).length > 0 ? stageVariables : undefined,
    throttles: compileRouteThrottles(options)
  }
}
