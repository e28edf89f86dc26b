// Stage variables in URIs, ARNs and credentials: `${stageVariables.name}`, an unknown one being nothing.

const STAGE_VARIABLE = /\$\{stageVariables\.([A-Za-z0-9_]*)\}/g

/** The text with a stage's variables put in; other `${…}` stay as they are. */
export function replaceStageVariables (
  text: string, stageVariables: Readonly<Record<string, string>> | undefined
): string {
  return text.replace(STAGE_VARIABLE, (_, name: string) =>
    stageVariables !== undefined && Object.hasOwn(stageVariables, name) ? stageVariables[name] as string : '')
}

export function hasStageVariables (text: string): boolean {
  return text.search(STAGE_VARIABLE) !== -1
}
