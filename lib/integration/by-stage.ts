// A text with stage variables, compiled once for each stage: on the message path it is a look-up.
import { hasStageVariables, replaceStageVariables } from '../mapping/index.ts'
import type { IntegrationEnvironment } from './environment.ts'
import type { IntegrationRequest } from './integration.ts'

export type StageEnvironment = Pick<IntegrationEnvironment, 'stages' | 'log'>
/** A request that is known to be of a stage by that stage's variables. */
export type StagedRequest = Pick<IntegrationRequest, 'stageVariables'>

/**
 * Compiles `source` for every stage. Without stage variables there is one result, and what `compile` throws is thrown;
 * with them a stage whose variables make none has the error for a result, and the log says so.
 */
export function compileByStage<Compiled> (
  source: string, { stages, log }: StageEnvironment, place: string, compile: (text: string) => Compiled
): (request: StagedRequest) => Compiled | Error {
  if (!hasStageVariables(source)) {
    const compiled = compile(source)
    return () => compiled
  }
  const byVariables = new Map<Readonly<Record<string, string>> | undefined, Compiled | Error>()
  for (const { stageName, stageVariables } of stages) {
    try {
      byVariables.set(stageVariables, compile(replaceStageVariables(source, stageVariables)))
    } catch (err) {
      log.warn({ err, place, stage: stageName }, 'the variables of a stage make no valid URI; its messages will fail')
      byVariables.set(stageVariables, err as Error)
    }
  }
  return ({ stageVariables }) => byVariables.get(stageVariables) as Compiled | Error
}
