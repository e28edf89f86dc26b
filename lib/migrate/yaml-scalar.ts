// What a plain scalar of YAML 1.1 means to CloudFormation, which knows no timestamps and whose account ids keep their zero.

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** A number that JavaScript prints as it was written, so that no text is lost: not `012`, `1.0`, `1_000`, `0x1F`, `1:30`. */
export function readNumber (text: string): number | undefined {
  const number = Number(text)
  return Number.isFinite(number) && String(number) === text ? number : undefined
}

export function readBoolean (text: string): boolean | undefined {
  return TRUE.test(text) ? true : FALSE.test(text) ? false : undefined
}

/** What JSON has no word for: `.nan`, `-.inf`. */
export function isNotFinite (text: string): boolean {
  return NOT_FINITE.test(text)
}

/** The meaning of a plain scalar. */
export function readPlainScalar (text: string): null | boolean | number | string {
  if (NULLS.has(text)) return null
  return readBoolean(text) ?? readNumber(text) ?? text
}
