import { cp, rename, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

/**
 * Makes `dist`, which is what azd ships and what the lab loads: one ESM entry, lazy chunks for the Azure SDKs, host.json and a package.json
 * without dependencies.
 */
const next = `node_modules/.cache/dist-${process.pid}`
const { metafile } = await build({
  entryPoints: { index: 'functions/index.ts' },
  outdir: next,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // The Functions worker supplies this module; it is not on npm.
  external: ['@azure/functions-core'],
  // Some dependencies are CommonJS inside and call require for Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
})
await cp('host.json', `${next}/host.json`)
await writeFile(
  `${next}/package.json`,
  `${JSON.stringify({ name: 'foundry-gateway-ops', type: 'module', main: 'index.js' })}\n`,
)

// All at once, at the end: a lab that starts meanwhile finds the old one or the new one, never half of one.
await rm('dist', { recursive: true, force: true })
await rename(next, 'dist')

if (!process.argv.includes('--quiet')) {
  const scripts = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.js'))
  const entry = scripts.find(([, output]) => output.entryPoint === 'functions/index.ts')
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`
  const total = scripts.reduce((sum, [, { bytes }]) => sum + bytes, 0)
  console.log(`dist: entry ${kilobytes(entry?.[1].bytes ?? 0)}, with lazy chunks ${kilobytes(total)}`)
}
