import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kept-worlds.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: the story tests start processes of their own, so more workers only steal from them.
    maxWorkers: 2,
  },
})
