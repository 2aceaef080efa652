/** An answer that refuses, in ARM's shape. Nothing the refused request did stays done. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>
  readonly target: string | undefined
  readonly details: Fault[]

  constructor(
    status: number,
    code: string,
    message: string,
    more: { target?: string; details?: Fault[]; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.target = more.target
    this.details = more.details ?? []
    this.headers = more.headers ?? {}
  }
}

export type Fault = { code: string; message: string; target?: string }

type Complaint = { code: string; message: string; target?: string | undefined; details?: Fault[] }

export const errorBody = ({ code, message, target, details }: Complaint) => ({
  error: { code, message, ...(target ? { target } : {}), ...(details?.length ? { details } : {}) },
})

export const badRequest = (code: string, message: string, target?: string) =>
  new Refusal(400, code, message, target ? { target } : {})

export const conflict = (code: string, message: string) => new Refusal(409, code, message)

export const resourceNotFound = (type: string, name: string, group: string) =>
  new Refusal(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  )

export const childNotFound = (id: string) => new Refusal(404, 'NotFound', `Resource ${id} not found.`)

export const parentNotFound = (verb: string, type: string, parent: string) =>
  new Refusal(
    404,
    'ParentResourceNotFound',
    `Failed to perform '${verb}' on resource(s) of type '${type}', because the parent resource '${parent}' could not be found.`,
  )

export const groupNotFound = (group: string) =>
  new Refusal(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`)

export const subscriptionNotFound = (subscription: string) =>
  new Refusal(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`)

export const methodNotAllowed = (method: string, type: string) =>
  new Refusal(405, 'MethodNotAllowed', `The resource type '${type}' does not support the method '${method}'.`)

export const invalidResourceReference = (missing: string, by: string) =>
  badRequest(
    'InvalidResourceReference',
    `Resource ${missing} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  )

export const notSimulated = (type: string) =>
  new Refusal(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the simulated Azure: it exists in Azure and is not simulated yet (lab/azure/README.md).`,
  )
