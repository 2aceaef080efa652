import { follow } from '../../cli/follow.ts'
import { lasting, type Stage, within } from './stage.ts'

const longestMinutes = 8
const zone = 'privatelink.openai.azure.com'

/** A stranger cuts the name of every model off: one alert that names the cause, a repair, and word that it is over. */
export async function breakAndMend(stage: Stage): Promise<void> {
  const { client, azure, tell, hold } = stage
  const link = (await azure.resources()).find(
    ({ id }) => id.includes(zone) && /\/virtualNetworkLinks\//i.test(id),
  )
  if (!link) return hold('a link to cut', false, `${zone} has none`)
  tell(`\nA stranger removes the link of ${zone}.\n`)
  await azure.arm('DELETE', `${link.id}?api-version=2024-06-01`)
  const incidents = async () =>
    (await client.incidents('contoso')).filter(({ cause }) => cause.resource?.includes(zone))
  const { seen, minutes } = await within(stage, { minutes: longestMinutes }, incidents, (found) =>
    found.some(({ state }) => state === 'fired'),
  )
  const [incident] = seen
  hold(
    'one alert that names the cause',
    seen.length === 1 && incident?.state === 'fired',
    incident
      ? `after ${lasting(minutes)}: ${incident.cause.message} (${incident.cause.muted.length} probes behind it say nothing)`
      : 'none',
  )
  const mended = await follow(client, await client.repair('contoso'), () => {})
  hold('repaired', mended.state === 'succeeded', mended.steps.map(({ resource }) => resource).join(', '))
  const over = await within(stage, { minutes: longestMinutes }, incidents, (found) =>
    found.every(({ state }) => state === 'resolved'),
  )
  hold(
    'and told to be over',
    over.seen.length === 1 && over.seen[0]?.state === 'resolved',
    `${lasting(over.minutes)} after the repair`,
  )
}
