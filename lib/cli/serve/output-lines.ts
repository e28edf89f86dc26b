// What a function prints, line by line; one that has no end comes in pieces, so that nobody has to hold it.
import type { Readable } from 'node:stream'

const LONGEST = 65_536

export function readLines (stream: Readable, onLine: (line: string) => void): void {
  let begun = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = `${begun}${text}`.split('\n')
    begun = lines.pop() as string
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
    for (; begun.length > LONGEST; begun = begun.slice(LONGEST)) onLine(begun.slice(0, LONGEST))
  })
  stream.on('end', () => { if (begun !== '') onLine(begun) })
}
