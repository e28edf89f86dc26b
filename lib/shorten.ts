// Shortens what messages quote: how long that is, somebody else decides.

const LONGEST_WORD = 200
const LONG_WORD = new RegExp(`\\S{${LONGEST_WORD + 1},}`, 'g')
const LONGEST_START = 700
const LONGEST_END = 300

export function shorten (text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** A message whose words, and which as a whole, are no longer than people read; its end, which says what is allowed, stays. */
export function shortenMessage (message: string): string {
  const text = message.length > LONGEST_WORD ? message.replace(LONG_WORD, (word) => shorten(word, LONGEST_WORD)) : message
  return text.length > LONGEST_START + LONGEST_END ? `${text.slice(0, LONGEST_START)}…${text.slice(-LONGEST_END)}` : text
}
