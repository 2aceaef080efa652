import { ApiManagementClient } from '@azure/arm-apimanagement'
import { NetworkManagementClient } from '@azure/arm-network'
import { PrivateDnsManagementClient } from '@azure/arm-privatedns'
import type { AzureOptions } from '../../../lab/azure/server.ts'
import { ARM_SCOPE, type Lab, openAzure } from './open.ts'

/** The simulated Azure with the real clients to it, which do not retry. */
export async function openSdk(options: AzureOptions = {}) {
  const lab = await openAzure(options)
  const { url, credential, subscriptionId } = lab
  const retryOptions = { maxRetries: 0 }
  const core = { endpoint: url, credentialScopes: [ARM_SCOPE], retryOptions }
  const modular = { endpoint: url, credentials: { scopes: [ARM_SCOPE] }, retryOptions }
  return {
    ...lab,
    network: new NetworkManagementClient(credential, subscriptionId, modular),
    dns: new PrivateDnsManagementClient(credential, subscriptionId, modular),
    apim: new ApiManagementClient(credential, subscriptionId, core),
  }
}

export type SdkLab = Awaited<ReturnType<typeof openSdk>>

/** Drives a poller to its end while the clock of the lab, not the test's, goes on. Both generations of pollers. */
export async function settle<T>(
  lab: Pick<Lab, 'advance'>,
  poller: NewPoller<T> | OldPoller<T>,
  seconds = 60,
): Promise<T> {
  await poller.poll()
  for (let turn = 0; turn < 200 && !isDone(poller); turn++) {
    await lab.advance(seconds)
    await poller.poll()
  }
  return ('getResult' in poller ? poller.getResult() : poller.result) as T
}

type NewPoller<T> = { isDone: boolean; poll(): Promise<unknown>; result: T | undefined }
type OldPoller<T> = { isDone(): boolean; poll(): Promise<unknown>; getResult(): T | undefined }

const isDone = <T>({ isDone }: NewPoller<T> | OldPoller<T>) =>
  typeof isDone === 'function' ? isDone() : isDone
