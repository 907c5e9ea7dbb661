// A check of statistics from a checkout.
import { become } from './become.mjs'

await become('checks')
