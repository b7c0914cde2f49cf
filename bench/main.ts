import { benchDispatch } from './dispatch/dispatch.js'
import { currentLoad, printReport } from './rig/report.js'

const load = currentLoad()
printReport('dispatch', await benchDispatch(), load)
