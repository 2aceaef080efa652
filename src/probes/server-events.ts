/**
 * Server-sent events out of a body that comes in pieces: the `data` of each event that is whole. Of the format only what model APIs use: no
 * names, no ids, no retry.
 */
export function eventReader(): (text: string) => string[] {
  let rest = ''
  return (text) => {
    const blocks = (rest + text).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    return blocks.flatMap((block) => {
      const lines = block.split(/\r?\n/).flatMap((line) => /^data: ?(.*)$/.exec(line)?.[1] ?? [])
      return lines.length > 0 ? [lines.join('\n')] : []
    })
  }
}
