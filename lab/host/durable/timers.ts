const dayMs = 24 * 60 * 60 * 1000

/** Host and SDK both cut long timers into steps, each on its own; they are told the same lengths. */
export const longestTimerMs = 6 * dayMs
export const longTimerStepMs = 3 * dayMs

/** .NET's TimeSpan text, for whole seconds. */
export function timeSpan(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  return `${Math.floor(seconds / 86_400)}.${two(hours)}:${two(minutes)}:${two(seconds % 60)}`
}
