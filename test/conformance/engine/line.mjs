// A record as the real engine reads it: one line of ASCII.

/** Its strict parser knows JSON, but not every character as it is. */
export const toLine = (record) =>
  JSON.stringify(record).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`) + '\n'
