import { elapsed, follow, tally } from '../../cli/follow.ts'
import { isWrite } from '../azure-client.ts'
import type { Stage } from './stage.ts'

/** Of well over a hundred resources, those a person would wait for. */
const isLandmark = (resource: string): boolean =>
  /^(subnet|api-management|account|project|project-capability-host|model-deployment|cosmos|search|storage|key-vault|pool|api-policy)\//.test(
    resource,
  )

/** One call makes the environment from nothing; a second one finds nothing to do. */
export async function provision({ client, azure, document, tell, hold }: Stage): Promise<void> {
  const home = await azure.resources()
  tell(
    `\nThe home: ${home.length} resources made by infra/. Sending examples/contoso.yaml (PUT /api/environments/contoso).\n`,
  )
  const id = await client.apply('contoso', document)
  const provisioned = await follow(client, id, (line) => tell(`  ${line}`), isLandmark)
  tell()
  hold(
    'provision from nothing',
    provisioned.state === 'succeeded',
    `${provisioned.state}, ${tally(provisioned)} after ${elapsed(provisioned.createdAt, provisioned.finishedAt ?? provisioned.createdAt)} of Azure's time`,
  )
  const now = await azure.resources()
  const service = now.find(({ type }) => type === 'Microsoft.ApiManagement/service')
  const addresses = service?.properties?.['privateIPAddresses']
  hold(
    'a private gateway',
    Array.isArray(addresses) && addresses.length > 0,
    `${service?.name} answers at ${String(addresses)} and nowhere else`,
  )
  const written = new Set(
    (await azure.journal()).filter(isWrite).map(({ url }) => url.split('?')[0]?.toLowerCase()),
  )
  const untouched = home.filter(({ id }) => !written.has(id.toLowerCase()) && now.some((it) => it.id === id))
  hold(
    'the home untouched',
    untouched.length === home.length,
    `${home.length - untouched.length} writes to its ${home.length} resources, all of them still there`,
  )

  const writesBefore = await azure.writes()
  const again = await follow(client, await client.apply('contoso', document), () => {})
  const writes = (await azure.writes()) - writesBefore
  hold(
    'the same document again',
    again.state === 'succeeded' && again.steps.length === 0 && writes === 0,
    `${again.steps.length} steps, ${writes} writes to Azure`,
  )
}
