import { type Controller, integersOf } from './controller.ts'
import { capacitiesAt, meanCapacities } from './scenario.ts'

/** What no controller can do, and what needs none: the two ends of the scale. */
export const withoutDelay: Controller = {
  name: 'weights without delay',
  open: ({ scenario }) => {
    const atOnce = (minute: number) => integersOf(capacitiesAt(scenario, minute))
    return { weights: atOnce(0), atOnce }
  },
}

/** True capacity, at the age of the newest metric. */
export const delayedOracle: Controller = {
  name: 'delayed oracle',
  open: ({ scenario }) => ({
    weights: integersOf(capacitiesAt(scenario, 0)),
    turn: ({ newestEndMinute, weights }) => {
      const wanted = integersOf(capacitiesAt(scenario, Math.max(0, newestEndMinute)))
      return wanted.every((weight, member) => weight === weights[member]) ? undefined : { weights: wanted }
    },
  }),
}

/** What each member took on average over the whole run. */
export const perfectStatic: Controller = {
  name: 'perfect static',
  open: ({ scenario }) => ({ weights: integersOf(meanCapacities(scenario)) }),
}

/** What the document says, which is also the fallback. */
export const staticQuota: Controller = {
  name: 'static quota',
  open: ({ quotas }) => ({
    weights: integersOf(quotas.map((quota) => quota ?? 1)),
  }),
}

export const equal: Controller = {
  name: '50/50',
  open: ({ names }) => ({ weights: names.map(() => 100) }),
}
