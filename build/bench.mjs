// A bench from a checkout.
import { become } from './become.mjs'

await become('bench')
