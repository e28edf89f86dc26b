// requestTime: Common Log Format in UTC, made once a second.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

let cachedSecond = -1
let cachedText = ''

/** `09/Feb/2024:18:23:28 +0000` of a time in epoch milliseconds. */
export function formatRequestTime (epochMillis: number): string {
  const second = Math.floor(epochMillis / 1000)
  if (second !== cachedSecond) {
    const [date, time] = new Date(second * 1000).toISOString().slice(0, 19).split('T') as [string, string]
    const [year, month, day] = date.split('-') as [string, string, string]
    cachedText = `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`
    cachedSecond = second
  }
  return cachedText
}
