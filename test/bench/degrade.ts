import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { failedPercent, idealAt, recoveryMinutes, throttledIn } from '../rebalance/lab/bars.ts'
import { openStage, type Played } from '../rebalance/lab/play.ts'
import { writesOf } from '../rebalance/lab/puts.ts'
import { degrade } from '../rebalance/lab/scenarios.ts'
import { eus } from '../rebalance/world.ts'
import { chart } from './degrade-chart.ts'

/** One degrade in the lab, with weights that follow and with those of the quotas: figures, and the chart of docs/balance.md. */
const image = 'docs/images/degrade.png'

export async function run(json: boolean): Promise<void> {
  const play = await openStage()
  const [auto, fixed] = [await play(degrade, 'auto'), await play(degrade, 'off')]
  const series = {
    share: auto.minutes.map(({ shares }) => rounded(shares[eus] ?? 0)),
    best: auto.minutes.map((_, minute) => rounded(idealAt(degrade, minute)?.[eus] ?? 0)),
    throttled: throttledByMinute(auto),
    throttledStatic: throttledByMinute(fixed),
    failedPercent: smooth(auto),
    failedPercentStatic: smooth(fixed),
  }
  mkdirSync(dirname(image), { recursive: true })
  writeFileSync(image, await png(chart(series)))
  const of = (played: Played) => ({
    writes: writesOf(played).length,
    failedPercent: rounded(failedPercent(played.calls)),
    throttled: throttledIn(played),
  })
  const figures = { recoveryMinutes: recoveryMinutes(auto), auto: of(auto), static: of(fixed) }
  if (json) console.log(JSON.stringify({ bench: 'degrade', figures, series }))
  else console.dir({ image, ...figures })
}

const rounded = (value: number) => Number(value.toFixed(3))

const throttledByMinute = ({ minutes }: Played): number[] =>
  minutes.map(({ throttled }) => Object.values(throttled).reduce((sum, count) => sum + count, 0))

/** Of the calls of five minutes around each. */
const smooth = ({ minutes }: Played): number[] =>
  minutes.map((_, minute) => {
    const some = minutes.slice(Math.max(0, minute - 2), minute + 3)
    const sum = (of: 'sent' | 'failed') => some.reduce((total, { calls }) => total + calls[of], 0)
    return rounded((100 * sum('failed')) / Math.max(1, sum('sent')))
  })

/** The font comes along, so that every machine draws the same. */
async function png(svg: string): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url)
  await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')))
  const font = readFileSync(resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))
  return new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: 'DejaVu Sans', loadSystemFonts: false },
    fitTo: { mode: 'width', value: 1800 },
  })
    .render()
    .asPng()
}
