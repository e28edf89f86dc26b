// The period that a quota counts in: days, weeks and months of UTC, numbered so that a later one has a larger number.

export type QuotaPeriod = 'DAY' | 'WEEK' | 'MONTH'

const MILLIS_OF_A_DAY = 86_400_000
const DAYS_OF_A_WEEK = 7
/** 1970-01-01 was a Thursday, the fourth day after Sunday. */
const EPOCH_WEEKDAY = 4
const MONTHS_OF_A_YEAR = 12

/** Days by which a period can begin later than Sunday or the first of the month; AWS's own bounds. */
export const LARGEST_OFFSET: Readonly<Record<QuotaPeriod, number>> = { DAY: 0, WEEK: 6, MONTH: 27 }

const NUMBERS: Readonly<Record<QuotaPeriod, (day: number) => number>> = {
  DAY: (day) => day,
  WEEK: (day) => Math.floor((day + EPOCH_WEEKDAY) / DAYS_OF_A_WEEK),
  MONTH (day) {
    const date = new Date(day * MILLIS_OF_A_DAY)
    return date.getUTCFullYear() * MONTHS_OF_A_YEAR + date.getUTCMonth()
  }
}

/** The number of the period that a time in epoch milliseconds falls into. */
export function numberPeriod (period: QuotaPeriod, offset: number, epochMillis: number): number {
  return NUMBERS[period](Math.floor(epochMillis / MILLIS_OF_A_DAY) - offset)
}
