// The patterns of models: ECMA 262, as JavaScript reads it.

/**
 * With the flag `u` where the pattern allows it, so that a character is a code point and `\p{Letter}` is known; patterns
 * such as `\-`, which were written without it in mind, do without.
 */
export const createModelPattern = Object.assign((source: string): RegExp => {
  try {
    return new RegExp(source, 'u')
  } catch {
    return new RegExp(source)
  }
}, {
  // Only asked for by ajv's standalone code, which is not made here.
  code: 'new RegExp'
})
