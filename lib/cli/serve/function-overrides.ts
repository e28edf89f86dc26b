// `--env`: variables of all functions, or of one.
import { CliUsageError } from '../../errors.ts'

interface Override {
  /** Undefined of all functions. */
  readonly functionName: string | undefined
  readonly name: string
  readonly value: string
}

const FORM = /^(?:([A-Za-z0-9_-]+):)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s

/** `TABLE_NAME=chat`, `SendMessage:TABLE_NAME=chat`. Throws AGW_ERR_CLI_USAGE. */
export function readOverrides (
  texts: readonly string[], functionNames: readonly string[]
): (functionName: string) => Record<string, string> {
  const overrides = texts.map((text): Override => {
    const [, functionName, name, value] = FORM.exec(text) ?? []
    if (name === undefined || value === undefined) throw new CliUsageError(`--env is "${text}"; it must be of the form name=value or function:name=value`)
    if (functionName !== undefined && !functionNames.includes(functionName)) {
      throw new CliUsageError(`--env names the function "${functionName}", which does not run here; there are ${functionNames.join(', ') || 'none'}`)
    }
    return { functionName, name, value }
  })
  return (functionName) => Object.fromEntries(overrides
    .filter((one) => one.functionName === undefined || one.functionName === functionName)
    // What is said of one function wins, wherever it stands.
    .sort((a, b) => Number(a.functionName !== undefined) - Number(b.functionName !== undefined))
    .map(({ name, value }) => [name, value]))
}
