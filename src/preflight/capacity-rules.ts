import { type Check, inDocument } from './check.ts'
import { eachGroup, eachPool, isProvisioned, namesOf, poolsOf, total } from './pools.ts'

/** Capacity behind the gateway, and the limits in front of it. */

/** A unit of pay-as-you-go capacity is so many tokens a minute (azure-facts 11). */
const tokensPerUnit = 1000

export const capacityRules: Check[] = [
  {
    code: 'GTW-013',
    title: 'provisioned throughput has pay-as-you-go to spill over to',
    why: 'A full PTU deployment answers 429 at once; with nothing behind it, callers do.',
    remedy: 'add a pay-as-you-go member with a higher priority number',
    severity: 'WARN',
    run: ({ document }) =>
      eachPool(document, ({ members }) =>
        members.length > 0 && members.every((member) => isProvisioned(member))
          ? [`every member is provisioned (${namesOf(members)})`]
          : [],
      ),
  },
  {
    code: 'GTW-014',
    title: 'no priority group mixes provisioned throughput and pay-as-you-go',
    why: 'Their units are not alike, so shares by capacity mean nothing; and PTU paid for by the hour stands idle while tokens are paid for.',
    remedy: 'give the provisioned members a lower priority number than the others',
    severity: 'WARN',
    run: ({ document }) =>
      eachGroup(document, (group) =>
        group.some((member) => isProvisioned(member)) &&
        group.some((member) => member.deployment && !isProvisioned(member))
          ? [`${namesOf(group)} have one priority and different tiers`]
          : [],
      ),
  },
  {
    code: 'GTW-015',
    title: 'the token limit per caller is below what the pools can do',
    why: 'A limit above the capacity of a pool never holds anybody back: one caller can take it all.',
    remedy: 'set the limit to a part of the smallest pool’s capacity',
    severity: 'WARN',
    run: ({ document }) => {
      const { tokenLimit } = document.gateway.api
      if (!tokenLimit) return []
      return poolsOf(document)
        .filter(({ members }) => members.every((member) => member.deployment && !isProvisioned(member)))
        .map((pool) => ({
          ...pool,
          tokensPerMinute:
            total(pool.members.map(({ deployment }) => deployment?.capacity ?? 0)) * tokensPerUnit,
        }))
        .filter(({ tokensPerMinute }) => tokenLimit.tokensPerMinute > tokensPerMinute)
        .map(({ name, tokensPerMinute }) =>
          inDocument(
            'gateway.api.tokenLimit.tokensPerMinute',
            `is ${tokenLimit.tokensPerMinute}, and ${name} has ${tokensPerMinute} tokens a minute in all`,
          ),
        )
    },
  },
  {
    code: 'GTW-016',
    title: 'limits count what callers think they count',
    why: 'Every unit of the gateway counts for itself: with several, a caller gets up to as many times the limit.',
    remedy: 'divide the limit by the number of units',
    severity: 'WARN',
    run: ({ document: { gateway } }) =>
      gateway.apim.units > 1
        ? (['tokenLimit', 'rateLimit'] as const)
            .filter((limit) => gateway.api[limit])
            .map((limit) =>
              inDocument(`gateway.api.${limit}`, `counts in each of the ${gateway.apim.units} units apart`),
            )
        : [],
  },
  {
    code: 'GTW-017',
    title: 'there is an event hub for the gateway to log to',
    why: 'The event hub is one of the app’s settings; without it the logger cannot be made.',
    remedy: 'set the event hub in the app settings, or logTo: none',
    severity: 'FAIL',
    run: ({ document, surroundings }) =>
      document.gateway.api.logTo === 'eventHub' && !surroundings.eventHub
        ? [inDocument('gateway.api.logTo', 'is eventHub, and the app settings name none')]
        : [],
  },
  {
    code: 'GTW-018',
    title: 'no provisioned throughput stands outside every pool',
    why: 'It is paid for by the hour, and nobody reaches it through the gateway.',
    remedy: 'add it to a pool, or take it out of the document',
    severity: 'WARN',
    run: ({ document }) => {
      const pooled = new Set(
        poolsOf(document).flatMap(({ members }) => members.flatMap(({ deployment }) => deployment ?? [])),
      )
      return document.foundry.accounts.flatMap((account, index) =>
        account.deployments
          .filter((deployment) => deployment.sku.includes('Provisioned') && !pooled.has(deployment))
          .map(({ name }) =>
            inDocument(`foundry.accounts[${index}].deployments`, `${name} of ${account.name} is in no pool`),
          ),
      )
    },
  },
]
