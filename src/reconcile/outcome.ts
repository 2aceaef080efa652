/**
 * What became of a call to Azure, as data. The loop is the retry: nothing below it tries twice, and nothing throws for a reason that
 * lies with Azure (docs/decisions/0001).
 */

export type Outcome =
  /** Carried out and settled. `already`: Azure has the same under another name, where reading this one will not find it. */
  | { is: 'done'; already?: true }
  /** Accepted: Azure is working. `operationUrl` is where it will say why, should it fail. */
  | { is: 'accepted'; operationUrl?: string }
  /** Not now: try again. `afterSeconds` when Azure named a time. */
  | { is: 'later'; reason: string; message: string; afterSeconds?: number }
  /** Not like this: trying again changes nothing until somebody acts. */
  | { is: 'refused'; reason: string; message: string; remedy: string }

/** An answer of Azure that is not a success, or the lack of one. */
export interface Failure {
  /** HTTP status; 0 when there was no answer. */
  status: number
  code: string
  message: string
  retryAfterSeconds?: number
}

/**
 * Codes that stay refused until somebody acts, with what that is (azure-facts 12.3). Everything else backs off: a code nobody knows is
 * never called permanent.
 */
const permanent: Record<string, string> = {
  ValidationError: 'correct the field it names in the document',
  InvalidParameter: 'correct the field it names in the document',
  InvalidRequestContent: 'correct the document; if it is right, report this as a defect',
  InvalidRequestFormat: 'correct the document; if it is right, report this as a defect',
  InvalidResourceName: 'choose a name Azure accepts',
  InvalidResourceType: 'this cloud or region does not have the resource type',
  InvalidSubscriptionId: 'correct the subscription in the settings of the app',
  SubscriptionNotFound: 'correct the subscription in the settings of the app',
  ResourceGroupNotFound: 'create the resource group with infra/ first, or correct its name in the document',
  NetcfgInvalidSubnet: 'choose a range inside the virtual network',
  NetcfgSubnetRangeOutsideVnet: 'choose a range inside the virtual network',
  NetcfgSubnetRangesOverlap: 'choose a range no other subnet uses',
  SecurityRuleConflict: 'another rule has this priority: move it, or remove it',
  InUseSubnetCannotBeUpdated: 'move what uses the subnet first',
  SubnetMissingRequiredDelegation: 'free the subnet of what holds it, then delegate it',
  MissingSubscriptionRegistration: 'register the resource provider in the subscription',
  NoRegisteredProviderFound: 'register the resource provider in the subscription',
  InsufficientQuota: 'ask for more quota, or make room',
  SubscriptionIsOverQuotaForSku: 'ask for more quota, or choose another SKU',
  LocationNotAvailableForResourceType: 'choose another location',
  SkuNotAvailable: 'choose another SKU or location',
  RequestDisallowedByPolicy: 'ask the owner of the policy for an exemption',
  ScopeLocked: 'remove the lock, or leave the resource as it is',
  LinkedAuthorizationFailed: 'grant the app the join action on the resource it names',
  ServiceAlreadyExists: 'the name is taken: choose another',
  ServiceAlreadyExistsInSoftDeletedState:
    'the name belongs to a deleted service for 48 hours: restore it, purge it, or choose another name',
  FlagMustBeSetForRestore:
    'the name belongs to a deleted account for 48 hours: restore it, purge it, or choose another name',
  CustomDomainInUse: 'the name is taken as a subdomain: choose another',
  StorageAccountAlreadyTaken: 'the name is taken: choose another',
  VaultAlreadyExists: 'the name is taken, perhaps by a deleted vault: purge that one, or choose another name',
  DeploymentModelNotSupported: 'choose a model, version and tier that the location has',
  InvalidResourceProperties: 'correct the field it names in the document',
  InvalidData: 'what is there was made otherwise and cannot be changed: remove it first',
  RoleAssignmentUpdateNotPermitted:
    'an assignment of an identity that is gone has this name: remove that assignment first',
  InvalidPublicIPAddress: 'use a Standard, static public IP of the same region',
}

/** Codes that turn a write away because what it asks for is so already (azure-facts 8.3). */
const alreadySo = new Set(['RoleAssignmentExists'])

/** What became of a write that was not answered with a success: perhaps it was not needed. */
export const outcomeOf = (failure: Failure): Outcome =>
  alreadySo.has(failure.code) ? { is: 'done', already: true } : classify(failure)

/** Reads a failed answer: later or refused, never an exception. */
export function classify(failure: Failure): Extract<Outcome, { is: 'later' | 'refused' }> {
  const reason = failure.code || (failure.status === 0 ? 'NoAnswer' : `Http${failure.status}`)
  const remedy = permanent[reason]
  if (remedy) return { is: 'refused', reason, message: failure.message, remedy }
  return {
    is: 'later',
    reason,
    message: failure.message,
    ...(failure.retryAfterSeconds === undefined ? {} : { afterSeconds: failure.retryAfterSeconds }),
  }
}

/** Longest wait between two tries of one write. */
const longestWaitSeconds = 300

/** How long to wait before try number `attempt` + 1: what Azure asked for, or 5 s doubled with each try. */
export const waitSeconds = (attempt: number, afterSeconds: number | undefined): number =>
  afterSeconds ?? Math.min(longestWaitSeconds, 5 * 2 ** (attempt - 1))
