import { textAt } from '../environment/raw.ts'
import { shortLocation } from '../resources/kind.ts'
import { type Check, inWorld } from './check.ts'
import { ownAccounts } from './declared.ts'
import { listed, told } from './facts.ts'
import { ask, groupId } from './questions.ts'
import { isSameName } from './words.ts'

/** The subscription and the resource group: may anything be written there at all? */

const brakeTag = 'ops-pause'

export const groupRules: Check[] = [
  {
    code: 'SUB-001',
    title: 'the subscription is enabled',
    why: 'A disabled or overdue subscription is read-only: every write is refused.',
    remedy: 'enable the subscription, or correct AZURE_SUBSCRIPTION_ID',
    severity: 'FAIL',
    run: (it) =>
      told(it.facts, ask.subscription(it), (body) => {
        const state = body ? textAt(body, 'state') : 'not found'
        return state === undefined || ['Enabled', 'Warned'].includes(state)
          ? []
          : [inWorld(`/subscriptions/${it.surroundings.subscriptionId}`, `is ${state}`)]
      }),
  },
  {
    code: 'SUB-002',
    title: 'every location is one of the subscription’s',
    why: 'Azure refuses resources in regions it does not have, or has not opened to the subscription.',
    remedy: 'correct the location, or have the region opened',
    severity: 'FAIL',
    run: (it) =>
      listed(it.facts, ask.locations(it), (locations) => {
        const known = new Set(locations.map((location) => textAt(location, 'name')))
        const wanted = new Set([
          it.document.location,
          ...ownAccounts(it.document).map(({ location }) => location),
        ])
        return [...wanted]
          .filter((location) => !known.has(location))
          .map((location) => inWorld(location, 'is no location of the subscription'))
      }),
  },
  {
    code: 'GRP-001',
    title: 'the resource group exists',
    why: 'The group is the home’s; the service does not make one.',
    remedy: 'deploy infra first, or correct resourceGroup',
    severity: 'FAIL',
    run: (it) =>
      told(it.facts, ask.group(it), (group) => (group ? [] : [inWorld(groupId(it), 'is not there')])),
  },
  {
    code: 'GRP-002',
    title: 'the resource group is where the document says',
    why: 'The group’s own region keeps its metadata: when that region is down, nothing in the group can be changed.',
    remedy: 'use a group of the document’s location',
    severity: 'WARN',
    run: (it) =>
      told(it.facts, ask.group(it), (group) => {
        const location = shortLocation(textAt(group, 'location') ?? it.document.location)
        return location === it.document.location
          ? []
          : [inWorld(groupId(it), `is in ${location}, the environment in ${it.document.location}`)]
      }),
  },
  {
    code: 'GRP-003',
    title: 'the resource group is not being deleted',
    why: 'Whatever is made in a group that is going away goes with it.',
    remedy: 'wait until it is gone and deploy infra again',
    severity: 'FAIL',
    run: (it) =>
      told(it.facts, ask.group(it), (group) => {
        const state = textAt(group, 'properties.provisioningState') ?? 'Succeeded'
        return state === 'Succeeded' ? [] : [inWorld(groupId(it), `is ${state}`)]
      }),
  },
  {
    code: 'GRP-004',
    title: 'nobody has put the brake on',
    why: `The tag ${brakeTag}=true on the group stops every write of the service, however it is asked.`,
    remedy: `find out who put it there, then take the tag ${brakeTag} off the resource group`,
    severity: 'FAIL',
    run: (it) =>
      told(it.facts, ask.group(it), (group) =>
        textAt(group?.['tags'], brakeTag)?.toLowerCase() === 'true'
          ? [inWorld(groupId(it), `carries the tag ${brakeTag}=true`)]
          : [],
      ),
  },
  ...(['ReadOnly', 'CanNotDelete'] as const).map(
    (level, index): Check => ({
      code: `GRP-00${5 + index}`,
      title:
        level === 'ReadOnly'
          ? 'no lock makes the group read-only'
          : 'no lock keeps the group from being cleaned up',
      why:
        level === 'ReadOnly'
          ? 'A ReadOnly lock refuses every write, and POSTs that read keys too (ScopeLocked).'
          : 'A CanNotDelete lock lets things be made and refuses to take them away: repairs that replace, and destroy, stop.',
      remedy:
        level === 'ReadOnly'
          ? 'take the lock off'
          : 'expect destroy to name what the lock holds, or take it off before',
      severity: level === 'ReadOnly' ? 'FAIL' : 'WARN',
      run: (it) =>
        [ask.locks(it), ask.locksAbove(it)].flatMap((question) =>
          listed(it.facts, question, (locks) =>
            locks
              .filter((lock) => isSameName(textAt(lock, 'properties.level') ?? '', level))
              .map((lock) => inWorld(textAt(lock, 'id') ?? groupId(it), `is a ${level} lock`)),
          ),
        ),
    }),
  ),
]
