// What is there, asked of any path.
import { statSync } from 'node:fs'
import type { Stats } from 'node:fs'

/** Undefined also of what cannot be looked at, as links in a circle: whatever keeps it from that keeps it from being run. */
export function statOf (path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
