// JSON as a person would write it in JavaScript.

const NAME = /^[A-Za-z_$][\w$]*$/
const INDENT = 2

export function printSource (value: unknown, depth = 0): string {
  const inner = ' '.repeat(INDENT * (depth + 1))
  const outer = ' '.repeat(INDENT * depth)
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[\n${value.map((item) => inner + printSource(item, depth + 1)).join(',\n')}\n${outer}]`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${inner}${printName(name)}: ${printSource(member, depth + 1)}`)
    return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${outer}}`
  }
  return typeof value === 'string' ? quote(value) : String(JSON.stringify(value))
}

/** `__proto__: x` in a literal would set the prototype; in brackets it is a member. */
function printName (name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return NAME.test(name) ? name : quote(name)
}

/** A text between single quotes. */
export function quote (text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}
