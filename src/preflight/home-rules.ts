import { type Check, inWorld } from './check.ts'
import { plannedSubnets, subnetsOf } from './live-network.ts'
import { inNetwork } from './network-rules.ts'
import { groupId } from './questions.ts'
import { isSameName } from './words.ts'

/** The home belongs to infra: nothing the service would write may be a part of it (design: one owner each). */

export const homeRules: Check[] = [
  {
    code: 'HOM-001',
    title: 'nothing the service would write is marked as somebody else’s',
    why: 'What the document calls existing belongs to the home: the service must never write it.',
    remedy: 'rename the existing one in the document, or leave it out',
    severity: 'FAIL',
    run: ({ resources }) => {
      const theirs = resources.filter(({ existing }) => existing)
      return resources
        .filter(({ existing }) => !existing)
        .flatMap((own) =>
          theirs
            .filter((other) => isSameName(other.id, own.id))
            .map((other) =>
              inWorld(own.key, `would be written, and is ${other.key}, which is somebody else’s`),
            ),
        )
    },
  },
  {
    code: 'HOM-002',
    title: 'no subnet the service would write carries an app',
    why: 'A subnet held by a Functions app is the home’s: rules or a range of ours on it could cut the app off.',
    remedy:
      'give the app’s subnet another name than the service’s own (snet-apim, snet-private-endpoints, snet-agents)',
    severity: 'FAIL',
    run: (it) =>
      inNetwork(it, (network) => {
        const live = subnetsOf(network)
        return plannedSubnets(it.resources).flatMap(({ resource, name }) =>
          (live.find((subnet) => isSameName(subnet.name, name))?.links ?? [])
            .filter((link) => /\/Microsoft\.Web\/sites\//i.test(link))
            .map((link) => inWorld(resource.key, `is held by ${link}`)),
        )
      }),
  },
  {
    code: 'HOM-003',
    title: 'no security group the service would write governs the home',
    why: 'The service’s own rules would then hold for the app, the first of them a deny.',
    remedy: `give the app’s subnet a security group of its own`,
    severity: 'FAIL',
    run: (it) =>
      inNetwork(it, (network) => {
        const planned = plannedSubnets(it.resources)
        const groups = it.resources.filter(({ kind, existing }) => kind === 'security-group' && !existing)
        return subnetsOf(network)
          .filter(({ name }) => !planned.some((own) => isSameName(own.name, name)))
          .flatMap(({ name, securityGroupId = '' }) =>
            groups
              .filter(({ id }) => isSameName(id, securityGroupId))
              .map(({ key }) =>
                inWorld(key, `is on ${name} too, which is not the service’s (${groupId(it)})`),
              ),
          )
      }),
  },
]
