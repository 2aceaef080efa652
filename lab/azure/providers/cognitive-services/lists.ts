import { badRequest } from '../../arm/errors.ts'
import type { Action } from '../../arm/kind.ts'
import { page } from '../../arm/read.ts'
import { REGIONS, regionCode } from '../../regions.ts'
import { isSubdomainTaken } from './account-rules.ts'
import { modelsIn } from './catalogue.ts'
import { capacities, modelShown, usages } from './catalogue-shown.ts'
import { ACCOUNT, DELETED_ACCOUNT, NAMESPACE } from './common.ts'

/** What is no resource: the catalogue, quotas, names. */
export const lists: Action[] = [
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/deletedAccounts`,
    run: (call, azure) => page(call, azure.all(DELETED_ACCOUNT), azure),
  },
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/locations/{}/models`,
    run: ({ params: [, location = ''] }, azure) => ({
      status: 200,
      body: { value: modelsIn(location).map((model) => modelShown(model, azure)) },
    }),
  },
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/locations/{}/usages`,
    run: ({ params: [, location = ''] }, azure) => ({
      status: 200,
      body: { value: usages(regionCode(location), azure) },
    }),
  },
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/modelCapacities`,
    run: ({ query }, azure) => ({
      status: 200,
      body: { value: Object.keys(REGIONS).flatMap((location) => capacities(location, query, azure)) },
    }),
  },
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/locations/{}/modelCapacities`,
    run: ({ params: [, location = ''], query }, azure) => ({
      status: 200,
      body: { value: capacities(regionCode(location), query, azure) },
    }),
  },
  {
    method: 'POST',
    path: `/subscriptions/{}/providers/${NAMESPACE}/checkDomainAvailability`,
    run: ({ body }, azure) => {
      const { subdomainName, type, kind } = (body ?? {}) as Record<string, unknown>
      if (typeof subdomainName !== 'string' || !subdomainName || type !== ACCOUNT)
        throw badRequest('InvalidRequestFormat', `subdomainName and the type ${ACCOUNT} are required.`)
      const taken = isSubdomainTaken(subdomainName, undefined, azure)
      return {
        status: 200,
        body: {
          isSubdomainAvailable: !taken,
          subdomainName,
          type,
          ...(kind ? { kind } : {}),
          ...(taken ? { reason: `The subdomain name '${subdomainName}' is already used.` } : {}),
        },
      }
    },
  },
  {
    method: 'GET',
    path: `/subscriptions/{}/providers/${NAMESPACE}/skus`,
    run: () => ({
      status: 200,
      body: {
        value: Object.keys(REGIONS).flatMap((location) =>
          ['AIServices', 'OpenAI'].map((kind) => ({
            resourceType: 'accounts',
            name: 'S0',
            tier: 'Standard',
            kind,
            locations: [location.toUpperCase()],
            restrictions: [],
          })),
        ),
      },
    }),
  },
]
