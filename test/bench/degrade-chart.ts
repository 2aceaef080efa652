/** Three panels over one axis of minutes, as SVG. */
export interface Series {
  share: number[]
  best: number[]
  throttled: number[]
  throttledStatic: number[]
  failedPercent: number[]
  failedPercentStatic: number[]
}

interface Line {
  name: string
  colour: string
  values: number[]
  /** Values stand until the next one, and are not joined. */
  steps?: boolean
  dashes?: string
}

interface Panel {
  title: string
  most: number
  unit: string
  lines: Line[]
}

const [width, left, right, top, panelHeight, gap] = [900, 60, 20, 50, 150, 60]
const [blue, grey, orange] = ['#0b62c4', '#8a8f98', '#d9730d']

/** The region takes 30 % of its quota between these minutes. */
const trouble = { from: 20, until: 70 }

export function chart(series: Series): string {
  const minutes = series.share.length
  const most = (...lists: number[][]) => Math.max(4, ...lists.flat()) * 1.1
  const panels: Panel[] = [
    {
      title: 'Share of contoso-eus: its weight, and what it really takes of the pool’s capacity',
      most: 1,
      unit: '%',
      lines: [
        { name: 'capacity', colour: orange, values: series.best, steps: true, dashes: '6 4' },
        { name: 'static', colour: grey, values: series.share.map(() => 100 / 130), steps: true },
        { name: 'weight', colour: blue, values: series.share, steps: true },
      ],
    },
    {
      title: 'Answers 429 of the members, by minute (behind a breaker most calls are not even tried)',
      most: most(series.throttled, series.throttledStatic),
      unit: '',
      lines: [
        { name: 'static', colour: grey, values: series.throttledStatic },
        { name: 'following', colour: blue, values: series.throttled },
      ],
    },
    {
      title: 'Calls that failed for their callers, mean of five minutes',
      most: most(series.failedPercent, series.failedPercentStatic),
      unit: ' %',
      lines: [
        { name: 'static', colour: grey, values: series.failedPercentStatic },
        { name: 'following', colour: blue, values: series.failedPercent },
      ],
    },
  ]
  const height = top + panels.length * (panelHeight + gap)
  const x = (minute: number) => left + (minute / minutes) * (width - left - right)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans" font-size="11" fill="#1d2127">
<rect width="${width}" height="${height}" fill="white"/>
<text x="${left}" y="22" font-size="14">One region takes 30 % of its quota for 50 minutes (simulated Azure, synthetic conversation trace)</text>
${panels.map((panel, index) => drawn(panel, top + index * (panelHeight + gap), minutes, x)).join('\n')}
</svg>`
}

function drawn(
  { title, most, unit, lines }: Panel,
  from: number,
  minutes: number,
  x: (at: number) => number,
) {
  const base = from + 20 + panelHeight
  const y = (value: number) => base - (value / most) * panelHeight
  const shown = (value: number) => `${unit === '%' ? Math.round(100 * value) : Math.round(value)}${unit}`
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => part * most)
  const ticks = Array.from({ length: Math.floor(minutes / 10) + 1 }, (_, index) => index * 10)
  return [
    `<text x="${left}" y="${from + 10}" font-weight="bold">${title}</text>`,
    `<rect x="${x(trouble.from)}" y="${y(most)}" width="${x(trouble.until) - x(trouble.from)}" height="${panelHeight}" fill="#fdf1e3"/>`,
    ...grid.map(
      (value) =>
        `<line x1="${left}" x2="${x(minutes)}" y1="${y(value)}" y2="${y(value)}" stroke="#e3e6ea"/><text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${shown(value)}</text>`,
    ),
    ...ticks.map((tick) => `<text x="${x(tick)}" y="${base + 15}" text-anchor="middle">${tick}</text>`),
    ...lines.map(
      ({ values, colour, steps, dashes }) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="2" ${dashes ? `stroke-dasharray="${dashes}"` : ''} points="${points(values, steps ?? false, x, y)}"/>`,
    ),
    ...lines.map(
      ({ name, colour }, index) =>
        `<text x="${x(minutes) - 90 * (lines.length - index) + 80}" y="${from + 10}" text-anchor="end" fill="${colour}">${name}</text>`,
    ),
  ].join('\n')
}

const points = (values: number[], steps: boolean, x: (at: number) => number, y: (value: number) => number) =>
  values
    .flatMap((value, minute) =>
      steps
        ? [`${x(minute)},${y(value)}`, `${x(minute + 1)},${y(value)}`]
        : [`${x(minute + 0.5)},${y(value)}`],
    )
    .join(' ')
