import { at, numberAt, textAt } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'
import { type Check, inDocument, type Said, type Subject } from './check.ts'
import { listed } from './facts.ts'
import { list } from './live-network.ts'
import { ask } from './questions.ts'
import { isSameName, listText } from './words.ts'

/** Are the models to be had: in the region, in the version, in the tier, and for how long (azure-facts 7.7)? */

type Account = Subject['document']['foundry']['accounts'][number]
type Deployment = Account['deployments'][number]

interface Wanted {
  path: string
  account: Account
  deployment: Deployment
  /** What the region has of that model, in whatever version. */
  versions: JsonObject[]
  /** The one asked for. */
  exact: JsonObject | undefined
  sku: unknown
}

const eachDeployment = (it: Subject, say: (wanted: Wanted) => string | undefined): Said[] =>
  it.document.foundry.accounts.flatMap((account, index) =>
    account.existing || account.deployments.length === 0
      ? []
      : listed(it.facts, ask.models(it, account.location), (models) =>
          account.deployments.flatMap((deployment, at): Said[] => {
            const path = `foundry.accounts[${index}].deployments[${at}]`
            const message = say({ path, account, deployment, ...found(models, deployment) })
            return message === undefined ? [] : [inDocument(path, message)]
          }),
        ),
  )

function found(models: JsonObject[], { model, format, version, sku }: Deployment) {
  const versions = models.filter(
    (one) =>
      isSameName(textAt(one, 'model.name') ?? '', model) &&
      isSameName(textAt(one, 'model.format') ?? '', format),
  )
  const exact = versions.find((one) => textAt(one, 'model.version') === version)
  return { versions, exact, sku: list(exact, 'model.skus').find((one) => textAt(one, 'name') === sku) }
}

const dayMs = 86_400_000
const soonDays = 90

/** When inference ends; the tier may end before the model. */
function retirement({ exact, sku }: Wanted): number | undefined {
  const days = [textAt(exact, 'model.deprecation.inference'), textAt(sku, 'deprecationDate')].flatMap(
    (text) => (text ? [Date.parse(text)] : []),
  )
  return days.length > 0 ? Math.min(...days) : undefined
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const modelRules: Check[] = [
  {
    code: 'MDL-001',
    title: 'every model is offered in its region',
    why: 'Azure refuses the deployment (DeploymentModelNotSupported), after the account has been made.',
    remedy: 'choose another region or model',
    severity: 'FAIL',
    run: (it) =>
      eachDeployment(it, ({ versions, deployment, account }) =>
        versions.length === 0 ? `${deployment.model} is not offered in ${account.location}` : undefined,
      ),
  },
  {
    code: 'MDL-002',
    title: 'every model version is offered in its region',
    why: 'Azure refuses a version the region does not have; which are offered differs from region to region.',
    remedy: 'choose one of the versions named',
    severity: 'FAIL',
    run: (it) =>
      eachDeployment(it, ({ versions, exact, deployment, account }) =>
        versions.length > 0 && !exact
          ? `${deployment.model} is offered in ${account.location} as ${listText([...new Set(versions.flatMap((one) => textAt(one, 'model.version') ?? []))])}, not as ${deployment.version}`
          : undefined,
      ),
  },
  {
    code: 'MDL-003',
    title: 'every tier is offered for its model in its region',
    why: 'Azure refuses a tier the model does not have there.',
    remedy: 'choose one of the tiers named',
    severity: 'FAIL',
    run: (it) =>
      eachDeployment(it, ({ exact, sku, deployment, account }) =>
        exact && !sku
          ? `${deployment.model} ${deployment.version} is offered in ${account.location} as ${listText(list(exact, 'model.skus').flatMap((one) => textAt(one, 'name') ?? []))}, not as ${deployment.sku}`
          : undefined,
      ),
  },
  {
    code: 'MDL-004',
    title: 'every capacity is one its tier can have',
    why: 'Provisioned throughput comes in steps from a minimum; other numbers are refused.',
    remedy: 'choose a capacity that fits',
    severity: 'FAIL',
    run: (it) =>
      eachDeployment(it, ({ sku, deployment: { capacity, model } }) => {
        const bound = (name: string) => numberAt(sku, `capacity.${name}`)
        const [least = 1, most = Number.POSITIVE_INFINITY, step = 1] = [
          bound('minimum'),
          bound('maximum'),
          bound('step'),
        ]
        const allowed = at(sku, 'capacity.allowedValues')
        const fits =
          Array.isArray(allowed) && allowed.length > 0
            ? allowed.includes(capacity)
            : capacity >= least && capacity <= most && (step <= 1 || (capacity - least) % step === 0)
        return fits ? undefined : `${model} is had from ${least} in steps of ${step}, not as ${capacity}`
      }),
  },
  {
    code: 'MDL-005',
    title: 'no model version has retired',
    why: 'A retired version answers nobody, and cannot be deployed.',
    remedy: 'choose a newer version',
    severity: 'FAIL',
    run: (it) =>
      eachDeployment(it, (wanted) => {
        const ends = retirement(wanted)
        return ends !== undefined && ends <= it.nowMs
          ? `${wanted.deployment.model} ${wanted.deployment.version} has retired on ${day(ends)}`
          : undefined
      }),
  },
  {
    code: 'MDL-006',
    title: `no model version retires within ${soonDays} days`,
    why: 'On that day Azure moves the deployment to another version, or it stops; either should not be a surprise.',
    remedy: 'try the next version now, and move to it',
    severity: 'WARN',
    run: (it) =>
      eachDeployment(it, (wanted) => {
        const ends = retirement(wanted)
        return ends !== undefined && ends > it.nowMs && ends <= it.nowMs + soonDays * dayMs
          ? `${wanted.deployment.model} ${wanted.deployment.version} retires on ${day(ends)}`
          : undefined
      }),
  },
]
