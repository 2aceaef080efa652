import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { Network } from '../network/network.ts'
import { holds } from '../providers/authorization/assigned.ts'
import { ROLES } from '../providers/authorization/roles.ts'
import type { Tokens } from '../tokens.ts'
import type { DataAnswer, DataCall } from './call.ts'
import type { DataService } from './plane.ts'
import { FRONTS, type Said } from './unplayed-answers.ts'

/**
 * The fronts of services whose data the lab does not keep: storage, search, Cosmos DB, Key Vault, Event Hubs. They refuse whom Azure refuses: who
 * comes by the wrong way, has no token, or no role. Whoever gets further is told that there is nothing behind (501), but for reads that an empty
 * service answers: the list of a storage account's containers, an index of a search service that is not there.
 */
export function createUnplayed(azure: Azure, tokens: Tokens, network: Network): DataService {
  const ownerOf = (host: string) => {
    const id = network.ownerOf(host)
    return id ? azure.find(id) : undefined
  }
  return {
    plane: 'other',
    owns: (host) => keyOf(ownerOf(host)?.type ?? '') in FRONTS,
    answer: async (call, arrival) => {
      const owner = ownerOf(call.host)
      const front = owner && FRONTS[keyOf(owner.type)]
      if (!owner || !front) return answerOf({ status: 404, body: '' }, front?.contentType)
      if (arrival.by === 'internet' && isClosed(owner))
        return answerOf(front.closed(call.host), front.contentType)
      const principal = await principalOf(call, front.audience, azure, tokens)
      if (!principal) return answerOf(front.nameless(azure.tenantId), front.contentType)
      const mayEnter =
        front.roles.length === 0 || holds(principal, idsOf(front.roles), owner.id, azure.clock.now(), azure)
      if (!mayEnter) return answerOf(front.roleless(call.host), front.contentType)
      const said = call.method === 'GET' ? front.empty?.(call.path) : undefined
      return said ? answerOf(said, front.contentType) : notPlayed(owner)
    },
  }
}

const idsOf = (names: string[]) =>
  Object.entries(ROLES).flatMap(([id, name]) => (names.includes(name) ? [id] : []))

/** Nobody's public address is known here, so a list of allowed ones lets nobody in. */
function isClosed({ properties }: Resource): boolean {
  const { publicNetworkAccess, networkAcls } = properties as {
    publicNetworkAccess?: string
    networkAcls?: { defaultAction?: string }
  }
  return !/^enabled$/i.test(publicNetworkAccess ?? 'enabled') || networkAcls?.defaultAction === 'Deny'
}

async function principalOf({ headers }: DataCall, audience: RegExp, azure: Azure, tokens: Tokens) {
  // Cosmos DB has the token inside its own scheme: type=aad&ver=1.0&sig={token}, escaped.
  const authorization = decodeURIComponent(headers['authorization'] ?? '')
  const token =
    /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? /^type=aad&.*sig=(\S+)$/.exec(authorization)?.[1]
  const claims = token ? await tokens.read(token) : undefined
  const isValid = claims && audience.test(String(claims.aud)) && Number(claims.exp) * 1000 > azure.clock.now()
  return isValid ? claims.oid : undefined
}

const answerOf = ({ status, body, headers = {} }: Said, contentType = 'text/plain'): DataAnswer => ({
  status,
  headers: { ...(body ? { 'content-type': contentType } : {}), ...headers },
  body,
  tookMs: 0,
})

const notPlayed = ({ id, type }: Resource): DataAnswer => ({
  status: 501,
  headers: { 'content-type': 'text/plain' },
  body: `The lab has no data plane of ${type}; ${nameOf(id)} would have answered here.\n`,
  tookMs: 0,
})
