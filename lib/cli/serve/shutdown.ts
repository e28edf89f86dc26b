// How a server that runs until somebody ends it is ended.

/** Resolves at Ctrl-C or a SIGTERM; a second one does not wait for what is still closing. */
export async function untilInterrupted (): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => { process.exit(130) })
        resolve()
      })
    }
  })
}
