// App settings and host.json, as the host reads them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedFunction } from './worker/contract.ts'

export interface HostJson {
  extensions?: {
    http?: { routePrefix?: string; customHeaders?: Record<string, string> }
    eventHubs?: { maxEventBatchSize?: number; initialOffsetOptions?: { type?: string } }
    durableTask?: { hubName?: string }
  }
}

export function readHostJson(appDir: string): HostJson {
  const file = join(appDir, 'host.json')
  if (!existsSync(file)) throw new Error(`${appDir} is not a Functions app: it has no host.json.`)
  const hostJson = JSON.parse(readFileSync(file, 'utf8')) as HostJson
  const from = hostJson.extensions?.eventHubs?.initialOffsetOptions?.type ?? 'fromStart'
  if (from !== 'fromStart') throw new Error(`host.json begins event hubs ${from}: only fromStart is played.`)
  return hostJson
}

/** `%NAME%` in a binding or in host.json stands for the app setting NAME. */
export function withSettings(text: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = process.env[name]
    if (value === undefined) throw new Error(`'%${name}%' does not resolve: there is no app setting ${name}.`)
    return value
  })
}

export const isDisabled = (fn: LoadedFunction) =>
  process.env[`AzureWebJobs.${fn.name}.Disabled`]?.toLowerCase() === 'true'
