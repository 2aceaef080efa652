// Virtual time for this process: `Date` is the wall clock plus an offset (docs/decisions/0005). Import it before anything that keeps
// `Date` for itself. Only "now" moves: a Date made from a number or a text is what it says. setTimeout, performance, HTTP Date headers
// that Node writes, SQLite's and the file system's times stay on the wall clock.
const WallDate = globalThis.Date
const wallNow = WallDate.now
let offsetMs = 0

const now = () => wallNow() + offsetMs

const VirtualDate = new Proxy(WallDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
  apply: () => new VirtualDate().toString(),
})
WallDate.now = now
WallDate.prototype.constructor = VirtualDate
globalThis.Date = VirtualDate

export const clockOffsetMs = () => offsetMs

export const wallNowMs = () => wallNow()

/** Only ever forward, except in tests: SDKs and caches that saw a later moment must not see an earlier one. */
export function setClockOffsetMs(ms: number) {
  offsetMs = ms
}
