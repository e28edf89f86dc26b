// The two streams of a command: stdout for its result alone, stderr for what people read.
import type { ReportEntry } from '../../types/migrate.js'

export type Level = ReportEntry['level']

/** What is used of a stream. */
export interface OutputStream {
  readonly isTTY?: boolean
  /** Whether it holds so much that the writer should wait. */
  readonly writableNeedDrain?: boolean
  write (text: string): unknown
  once? (event: 'drain' | 'close', listener: () => void): unknown
}

export interface TerminalOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
}

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], cyan: [36, 39] } as const
export const LEVEL_STYLES: Readonly<Record<Level, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' }
const CLEAR_LINE = '\r\x1b[2K'

export type Style = keyof typeof CODES

export class Terminal {
  readonly #options: TerminalOptions
  #drained: Promise<void> | undefined
  /** Whether a line of progress stands on the terminal. */
  #hasProgress = false

  constructor (options: TerminalOptions) {
    this.#options = options
  }

  /** Part of the command's result. */
  print (text: string): void {
    this.#clearProgress()
    this.#options.stdout.write(`${text}\n`)
  }

  /** A message for whoever reads along. */
  note (text: string): void {
    this.#clearProgress()
    this.#options.stderr.write(`${text}\n`)
  }

  /** When messages that were written are read; undefined where nothing speaks against the next. */
  get drained (): Promise<void> | undefined {
    const { stderr } = this.#options
    if (stderr.writableNeedDrain !== true) return undefined
    this.#drained ??= new Promise((resolve) => {
      const go = (): void => {
        this.#drained = undefined
        resolve()
      }
      stderr.once?.('drain', go)
      stderr.once?.('close', go)
    })
    return this.#drained
  }

  /** `error: …`, the label in its colour. */
  tell (level: Level, text: string): void {
    this.note(`${this.style(LEVEL_STYLES[level], level)}: ${text}`)
  }

  /** What is being done; a terminal shows it until something else is written, anything else does not see it. */
  progress (text: string): void {
    const { stderr } = this.#options
    if (stderr.isTTY !== true) return
    this.#clearProgress()
    stderr.write(this.style('dim', `${text}…`))
    this.#hasProgress = true
  }

  /** A text for stderr in a style, plain where nobody would see it. */
  style (style: Style, text: string): string {
    return this.#style(this.#options.stderr, style, text)
  }

  /** The same for stdout. */
  stylePrinted (style: Style, text: string): string {
    return this.#style(this.#options.stdout, style, text)
  }

  #style (stream: OutputStream, style: Style, text: string): string {
    const { NO_COLOR = '', TERM } = this.#options.env
    if (stream.isTTY !== true || NO_COLOR !== '' || TERM === 'dumb') return text
    const [open, close] = CODES[style]
    return `\x1b[${open}m${text}\x1b[${close}m`
  }

  #clearProgress (): void {
    if (!this.#hasProgress) return
    this.#hasProgress = false
    this.#options.stderr.write(CLEAR_LINE)
  }
}
