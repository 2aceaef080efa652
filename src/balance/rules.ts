/** Every constant of the law. Capacities are in parts of the quota, shares in parts of the group's traffic. */
export interface Rules {
  /** Less 429 than this says nothing of capacity: a stray one in a thousand calls. */
  saturatedShare: number
  /** How far a saturated minute pulls the capacity down to what it admitted: three minutes of one story take two thirds of the way. */
  gainDown: number
  /** The same upwards; slower, because a saturated minute that admits more was luck of the counter's phase as often as capacity. */
  gainUp: number
  /** A declared quota is worth this many saturated minutes; an unknown one is worth none, so that the first such minute decides. */
  quotaEvidenceMinutes: number
  /** What a clean member gains in a minute in which others are throttled: it may be able to take more. */
  probeGain: number
  /** Only a member this full has shown anything by staying clean. */
  probeFill: number
  /** What a low capacity regains in a minute in which nobody is throttled: old throttling is forgotten slowly. */
  forgetGain: number
  /** What the best rate seen loses in a minute, so that one odd minute does not count for ever. */
  rateDecay: number
  /** How far a later minute of an outage pulls the health that its first minute showed. */
  healthGain: number
  /** A failing member that answers again is believed step by step: two good minutes bring it back, one does not. */
  returnFactor: number
  returnShare: number
  /** How far a minute pulls the demand: some twenty minutes are remembered. */
  demandGain: number
  lowestCapacity: number
  highestCapacity: number
  /** More errors than this are an outage, fewer are what every service has. */
  failingShare: number
  /** One or two failed calls are no outage. */
  failingCalls: number
  /** A failing member keeps this part of its capacity, so that its return is seen. */
  lowestHealth: number
  /** No member falls below this share divided by the number of members: who gets no calls gives no measurements. */
  floorShare: number
  /** A share falls to no less than this part of itself in one step: an error in the metrics must not empty a member. */
  fallFactor: number
  /** A share grows to no more than the largest of these three in one step. */
  riseFactor: number
  riseToShare: number
  riseByShare: number
  /** Smaller changes of the whole (total variation) are not worth a write. */
  toleranceShare: number
  /** No two writes are closer: gateway units take up to a minute to learn weights. */
  cooldownSeconds: number
  /** A pool that wants more than this is not one that weights can follow. */
  writesPerHour: number
  /** The same for what must not wait: away from a failing member, and back to quotas when metrics are lost. */
  urgentWritesPerHour: number
  /** Longer without data, and the shares step back to the quotas. */
  blindAfterMinutes: number
  /** What happened before says nothing of now. */
  oldestSampleMinutes: number
}

export const usualRules: Rules = {
  saturatedShare: 0.002,
  gainDown: 0.3,
  gainUp: 0.09,
  quotaEvidenceMinutes: 10,
  probeGain: 0.03,
  probeFill: 0.7,
  forgetGain: 0.02,
  rateDecay: 0.002,
  healthGain: 0.3,
  returnFactor: 2,
  returnShare: 0.3,
  demandGain: 0.05,
  lowestCapacity: 0.03,
  highestCapacity: 4,
  failingShare: 0.2,
  failingCalls: 3,
  lowestHealth: 0.02,
  floorShare: 0.01,
  fallFactor: 1 / 3,
  riseFactor: 2,
  riseToShare: 0.05,
  riseByShare: 0.2,
  toleranceShare: 0.04,
  cooldownSeconds: 120,
  writesPerHour: 12,
  urgentWritesPerHour: 20,
  blindAfterMinutes: 15,
  oldestSampleMinutes: 30,
}
