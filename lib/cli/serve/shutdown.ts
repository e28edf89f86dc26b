// How a server that runs until somebody ends it is ended.
import { constants } from 'node:os'

/** Ctrl-C, whoever supervises it, and the end of its terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SIGNALLED = 128

/**
 * From now on a signal ends the program so that its `exit` listeners run. What it returns resolves at the first signal
 * instead; the next one does not wait for what is still closing.
 */
export function heedSignals (): () => Promise<void> {
  let interrupt: (() => void) | undefined
  let isInterrupted = false
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // Shell and kernel both tell of a terminal's end.
      if (isInterrupted && signal === 'SIGHUP') return
      if (isInterrupted || interrupt === undefined) process.exit(SIGNALLED + constants.signals[signal])
      isInterrupted = true
      interrupt()
    })
  }
  return async () => { await new Promise<void>((resolve) => { interrupt = resolve }) }
}
