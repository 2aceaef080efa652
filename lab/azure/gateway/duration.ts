const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const known = new Map<string, number>()

/** An ISO 8601 duration that the control plane has let through. */
export function millisecondsOf(duration: string): number {
  const found = known.get(duration)
  if (found !== undefined) return found
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(duration) ?? []
  const total =
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  known.set(duration, total * 1000)
  return total * 1000
}
