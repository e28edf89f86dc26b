// The extension that keeps other sites' pages out: an allow list of origins (CWE-1385).
import { OptionsInvalidError } from '../errors.ts'

export type OriginCheck = (origin: string | undefined) => boolean

/**
 * Compiles an allow list. Entries are compared as a whole, scheme, host and port. A request without an Origin passes:
 * it comes from no page. Throws AGW_ERR_OPTIONS_INVALID.
 */
export function compileOrigins (origins: readonly string[], place: string): OriginCheck {
  for (const [i, origin] of origins.entries()) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new OptionsInvalidError(`${place}[${i}] is "${origin}"; it must be an origin as browsers write it, such as https://app.example or http://localhost:3000`)
    }
  }
  const allowed: ReadonlySet<string> = new Set(origins)
  return (origin) => origin === undefined || allowed.has(origin)
}
