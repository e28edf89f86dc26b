// Module hooks: a package that the handler's own folders do not have is looked for in the project's, for Lambda supplies
// the AWS SDK and handlers do not declare it.
import type { InitializeHook, ResolveHook } from 'node:module'

let fallbackUrl: string | undefined

export const initialize: InitializeHook<string> = (url) => { fallbackUrl = url }

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  try {
    return await nextResolve(specifier, context)
  } catch (error) {
    const isPackage = !/^(?:\.{0,2}\/|[a-z]+:|#)/.test(specifier)
    if (!isPackage || fallbackUrl === undefined || (error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    try {
      return await nextResolve(specifier, { ...context, parentURL: fallbackUrl })
    } catch {
      throw error
    }
  }
}
