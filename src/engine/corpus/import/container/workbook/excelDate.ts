const dayMs = 86_400_000
/** Day 1 is the first of January 1900 (1904: day 0); Excel counts a 29th of February 1900, which lies before any date of a corpus. */
const epochs = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) }

/** A date of a workbook as text: 2024-05-01, 2024-05-01T13:30:00, or 13:30:00 for a time of day. */
export function excelDate(serial: number, epoch: 1900 | 1904): string {
  const time = new Date(Math.round((epochs[epoch] + serial * dayMs) / 1000) * 1000)
  if (!Number.isFinite(time.getTime())) return String(serial)
  const [date, clock] = time.toISOString().slice(0, 19).split('T') as [string, string]
  if (serial < 1 && serial >= 0) return clock
  return clock === '00:00:00' ? date : `${date}T${clock}`
}

/** Number formats that are dates by their number (ECMA-376, 18.8.30). */
const builtIn = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** Whether a number format shows a date: letters of day, month, year or hour outside quotes and brackets. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtIn(id)
  return /[dmyhs]/i.test(code.replace(/"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').replace(/general/i, ''))
}
