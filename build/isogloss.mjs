// The command line from a checkout.
import { become } from './become.mjs'

await become('cli')
