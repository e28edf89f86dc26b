// What a function prints, line by line; one that has no end comes in pieces, so that nobody has to hold it.
import type { Readable } from 'node:stream'

const LONGEST = 65_536

/** Reads on when what `onLine` gives back has resolved. */
export function readLines (stream: Readable, onLine: (line: string) => Promise<void> | undefined): void {
  let begun = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = `${begun}${text}`.split('\n')
    begun = lines.pop() as string
    let room: Promise<void> | undefined
    for (const line of lines) room = onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
    for (; begun.length > LONGEST; begun = begun.slice(LONGEST)) room = onLine(begun.slice(0, LONGEST))
    if (room === undefined) return
    stream.pause()
    void room.then(() => { stream.resume() })
  })
  stream.on('end', () => { if (begun !== '') void onLine(begun) })
}
