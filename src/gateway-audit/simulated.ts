/** What settings cost in simulations over recorded traffic (docs/audit.md): ratios to go by, not measurements of Azure. */
export const simulated = {
  fixedTrip:
    'simulated, for 60 s: 10 % failures become 26 to 31 % where limits are kept in windows of 10 s, 5 % become 12 % where in minutes',
  tries:
    'simulated: with a breaker and 3 tries even equal weights fail within 0.3 percentage points of what perfect routing would',
  retryAfter: 'simulated, with the ideal wait and SDKs that try 3 times: 5.3 % final failures become 3.8 %',
  provisionedFirst:
    'simulated: 75 % of tokens come from provisioned throughput where it is the first group, 50 % where it shares one',
  quotaShares: 'simulated, without breakers: shares by quota save 69 to 75 % of what equal ones lose',
}

/** What was measured here, and what is known besides. */
export const figure = (...texts: (string | undefined)[]): { figure?: string } => {
  const said = texts.filter((text) => text !== undefined)
  return said.length > 0 ? { figure: said.join('; ') } : {}
}
