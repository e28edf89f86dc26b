// stub until room-vtl is merged
export interface MappingScope {
  readonly body: string
  readonly context: Readonly<Record<string, unknown>>
  readonly stageVariables?: Readonly<Record<string, string>> | undefined
  readonly params?: { readonly querystring: Readonly<Record<string, string>>, readonly header: Readonly<Record<string, string>> } | undefined
}
export type MappingTemplate = (scope: MappingScope) => string
export function compileMappingTemplate (source: string): MappingTemplate {
  return () => source
}
