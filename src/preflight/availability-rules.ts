import { at, textAt } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'
import { type Check, inDocument, type Said, type Subject } from './check.ts'
import { globalNames, ownName } from './declared.ts'
import { listed, type Question, told } from './facts.ts'
import { ask } from './questions.ts'
import { isSameName } from './words.ts'

/** Names that become host names: free, ours already, somebody else's, or still held by something deleted. */

interface Kept {
  type: string
  path: string
  name: string
  taken: Question
  /** Whether Azure's answer says that the name is held. */
  isTaken(body: JsonObject | undefined): boolean
  /** What Azure keeps of deleted ones. */
  graves?: Question
}

const unavailable = (body: JsonObject | undefined) => body?.['nameAvailable'] === false

function heldByNobodyElse(it: Subject, { type, path, name, taken, isTaken, graves }: Kept): Said[] {
  return listed(it.facts, ask.contents(it), (contents) => {
    if (
      contents.some(
        (one) => isSameName(textAt(one, 'type') ?? '', type) && isSameName(textAt(one, 'name') ?? '', name),
      )
    )
      return []
    const say = () =>
      told(it.facts, taken, (body) =>
        isTaken(body)
          ? [inDocument(path, `${name} is taken, and not by anything in the resource group`)]
          : [],
      )
    // A deleted one holds its name too; that is another trouble with another remedy. Where they cannot be read, the answer stands.
    const answer = graves && listed(it.facts, graves, (all) => (graveIn(all, name) ? [] : say()))
    return answer === undefined || answer.some((said) => 'unread' in said) ? say() : answer
  })
}

const graveIn = (graves: JsonObject[], name: string): JsonObject | undefined =>
  graves.find((grave) => isSameName(textAt(grave, 'name') ?? '', name))

const namesOf = (it: Subject, path: RegExp) =>
  globalNames(it.document).filter((named) => path.test(named.path))

const buried = (it: Subject, question: Question, path: RegExp): Said[] =>
  listed(it.facts, question, (graves) =>
    namesOf(it, path).flatMap(({ path: field, name }) => {
      const grave = graveIn(graves, name)
      if (!grave) return []
      const purged = textAt(grave, 'properties.scheduledPurgeDate')
      const isKept = at(grave, 'properties.purgeProtectionEnabled') === true
      return [
        inDocument(
          field,
          `${name} was deleted, and is kept ${purged ? `until ${purged}` : 'for a while'}${isKept ? ' (purge protection: nobody can shorten that)' : ''}`,
        ),
      ]
    }),
  )

const taken = 'Azure would refuse the name after everything before it has been made.'
const another = 'choose another name; host names are shared by all of Azure'

export const availabilityRules: Check[] = [
  {
    code: 'AVL-001',
    title: 'the API Management name is free, or ours',
    why: taken,
    remedy: another,
    severity: 'FAIL',
    run: (it) =>
      heldByNobodyElse(it, {
        type: 'Microsoft.ApiManagement/service',
        path: 'gateway.apim.name',
        name: it.document.gateway.apim.name,
        taken: ask.apimName(it),
        isTaken: unavailable,
        graves: ask.deletedServices(it),
      }),
  },
  {
    code: 'AVL-002',
    title: 'the subdomains of the Foundry accounts are free, or ours',
    why: 'An account’s name is its subdomain too, and a subdomain is chosen once.',
    remedy: another,
    severity: 'FAIL',
    run: (it) =>
      namesOf(it, /^foundry/).flatMap(({ path, name }) =>
        heldByNobodyElse(it, {
          type: 'Microsoft.CognitiveServices/accounts',
          path,
          name,
          taken: ask.subdomain(it, name),
          isTaken: (body) => body?.['isSubdomainAvailable'] === false,
          graves: ask.deletedAccounts(it),
        }),
      ),
  },
  ...(
    [
      ['storage', 'Microsoft.Storage/storageAccounts', 'storage account', ask.storageName],
      ['search', 'Microsoft.Search/searchServices', 'search service', ask.searchName],
      ['cosmos', 'Microsoft.DocumentDB/databaseAccounts', 'Cosmos DB account', ask.cosmosName],
      ['keyVault', 'Microsoft.KeyVault/vaults', 'key vault', ask.vaultName],
    ] as const
  ).map(
    ([field, type, what, question], index): Check => ({
      code: `AVL-00${index + 3}`,
      title: `the name of the ${what} is free, or ours`,
      why: taken,
      remedy: another,
      severity: 'FAIL',
      run: (it) => {
        const name = ownName(it.document.data[field])
        if (name === undefined) return []
        return heldByNobodyElse(it, {
          type,
          path: `data.${field}`,
          name,
          taken: question(it, name),
          // Cosmos DB answers a HEAD: there is one of that name, or there is none.
          isTaken: field === 'cosmos' ? (body) => body !== undefined : unavailable,
          ...(field === 'keyVault' ? { graves: ask.deletedVaults(it) } : {}),
        })
      },
    }),
  ),
  {
    code: 'DEL-001',
    title: 'no deleted API Management service holds the name',
    why: 'A deleted service keeps its name for 48 hours; making it anew is refused.',
    remedy: 'purge it (az apim deletedservice purge), restore it, or choose another name',
    severity: 'FAIL',
    run: (it) => buried(it, ask.deletedServices(it), /^gateway/),
  },
  {
    code: 'DEL-002',
    title: 'no deleted Foundry account holds a name or the agents’ subnet',
    why: 'A deleted account keeps its name, its subdomain and its subnet for 48 hours; PTU on it goes on costing.',
    remedy: 'purge it (az cognitiveservices account purge), restore it, or choose another name',
    severity: 'FAIL',
    run: (it) =>
      namesOf(it, /^foundry/).length === 0 ? [] : buried(it, ask.deletedAccounts(it), /^foundry/),
  },
  {
    code: 'DEL-003',
    title: 'no deleted key vault holds the name',
    why: 'A deleted vault keeps its name for 7 to 90 days; with purge protection nobody can shorten that.',
    remedy: 'recover it, purge it (az keyvault purge), or choose another name',
    severity: 'FAIL',
    run: (it) =>
      ownName(it.document.data.keyVault) ? buried(it, ask.deletedVaults(it), /^data\.keyVault/) : [],
  },
]
