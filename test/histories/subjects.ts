import { readFileSync } from 'node:fs'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'

/** A document that histories are about, and the edits its author makes. */
export interface Subject {
  edits: Edit[]
  /** The document after one edit of the original; edits do not add up. */
  document(edit: number): Document
}

interface Edit {
  words: string
  make(document: Document): Document
}

const original: Edit = { words: 'as it was', make: (document) => document }
const tagged: Edit = {
  words: 'with another tag',
  make: (document) => ({ ...document, tags: { owner: 'platform', stage: 'two' } }),
}

/** Network and gateway, some 25 resources. @param name of the environment */
export const small = (name = 'contoso'): Subject =>
  subject('small', name, [
    original,
    tagged,
    {
      words: 'without the agents’ network',
      make: (document) => ({ ...document, network: { ...document.network, agents: undefined } }),
    },
    {
      words: 'with another range for private endpoints',
      make: (document) => ({
        ...document,
        network: {
          ...document.network,
          subnets: { ...document.network.subnets, privateEndpoints: '192.168.3.0/26' },
        },
      }),
    },
    { words: 'in mode repair', make: (document) => ({ ...document, mode: 'repair' }) },
  ])

/** The whole reference document, some 150 resources. */
export const medium = (name = 'contoso'): Subject =>
  subject('contoso', name, [
    original,
    tagged,
    { words: 'with more capacity', make: ofAccount('contoso-eus', capacity(120)) },
    { words: 'with less capacity', make: ofAccount('contoso-eus2', capacity(10)) },
    { words: 'with one member less', make: ofPool((members) => members.slice(0, 1)) },
    { words: 'with a third account', make: withThirdAccount },
    {
      words: 'without agents',
      make: ofAccount('contoso-eus', (account) => ({ ...account, agents: false })),
    },
    {
      words: 'weighed by hand',
      make: ofPool((members) => members.map((member, index) => ({ ...member, weight: index + 1 }))),
    },
    {
      words: 'with other bounds',
      make: ofPool((members) => members.map((member) => ({ ...member, bounds: [20, 80] }))),
    },
    {
      words: 'without a gateway’s pools',
      make: (document) => ({ ...document, gateway: { ...document.gateway, pools: [] } }),
    },
    { words: 'without anybody’s access', make: (document) => ({ ...document, access: [] }) },
  ])

type Account = Document['foundry']['accounts'][number]
type Members = Document['gateway']['pools'][number]['members']

const capacity = (capacity: number) => (account: Account) => ({
  ...account,
  deployments: account.deployments.map((deployment) => ({ ...deployment, capacity })),
})

function ofAccount(name: string, change: (account: Account) => Account) {
  return (document: Document): Document => ({
    ...document,
    foundry: {
      accounts: document.foundry.accounts.map((account) =>
        account.name === name ? change(account) : account,
      ),
    },
  })
}

function ofPool(change: (members: Members) => Members) {
  return (document: Document): Document => ({
    ...document,
    gateway: {
      ...document.gateway,
      pools: document.gateway.pools.map((pool) => {
        const members = change(pool.members)
        // Alone a member carries everything.
        return { ...pool, members: members.length > 1 ? members : members.map(({ bounds: _, ...it }) => it) }
      }),
    },
  })
}

function withThirdAccount(document: Document): Document {
  const [first] = document.foundry.accounts
  const deployments = (first?.deployments ?? []).map((deployment) => ({ ...deployment, capacity: 30 }))
  const third = { name: 'contoso-swc', location: 'swedencentral', agents: false, deployments }
  const joined = ofPool((members) => [...members, { account: third.name, priority: 1, bounds: [5, 95] }])
  return joined({ ...document, foundry: { accounts: [...document.foundry.accounts, third] } })
}

function subject(example: string, name: string, edits: Edit[]): Subject {
  const text = readFileSync(`examples/${example}.yaml`, 'utf8').replace(/^name: .*$/m, `name: ${name}`)
  const first = parsed(text, name)
  const documents = edits.map(({ make }) => parsed(JSON.stringify(make(first)), name))
  return { edits, document: (edit) => documents[edit % documents.length] ?? first }
}

function parsed(text: string, name: string): Document {
  const read = parse(text, name)
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  return read.document
}
