// A line of the log is never worth an execution: a logger of the app's that throws must not keep one from ending.

/** Writes lines; what the logger throws is nowhere to be told. */
export function guardLog (write: () => void): void {
  try {
    write()
  } catch {}
}
