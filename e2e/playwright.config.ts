import { defineConfig } from '@playwright/test'

/** The real Electron on the built program; one window at a time, since one lock and one display are shared. */
export default defineConfig({
  testDir: '.',
  globalSetup: './prepare.ts',
  timeout: 180_000,
  workers: 1,
  outputDir: '../test-results/e2e',
})
