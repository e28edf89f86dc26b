// The texts of Fn::Sub: what stands between the variables, and what the variables are called.
import { refused } from './failure.ts'
import { quote } from '../quote.ts'

const VARIABLE = /\$\{([^}]*)\}/g
/** What CloudFormation lets a variable be called. */
const NAME = /^[A-Za-z0-9_.:]+$/

/** Puts values in the place of variables; `${!name}` is the text `${name}`. */
export function substitute (text: string, valueOf: (name: string) => string): string {
  return text.replace(VARIABLE, (whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`
    if (!NAME.test(name)) {
      throw refused('sub-variable', `Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons; here ${quote(whole)}`)
    }
    return valueOf(name)
  })
}
