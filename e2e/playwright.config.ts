import { defineConfig } from '@playwright/test'

/** The real Electron on the built program; two files of tests at a time, each start with settings of its own. */
export default defineConfig({
  testDir: '.',
  globalSetup: './prepare.ts',
  timeout: 180_000,
  workers: 2,
  outputDir: '../test-results/e2e',
})
