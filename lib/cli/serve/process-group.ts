// The group that a function's process leads: itself, and all that its handler starts.

/** Where a process may lead a group that ends with it. */
export const HAS_GROUPS = process.platform !== 'win32'

export function killGroup (leader: number): void {
  try {
    process.kill(HAS_GROUPS ? -leader : leader, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}
