// A thread of a function's process, which no loop of the handler holds up: ends it once the server is gone without having
// ended it.
import { workerData } from 'node:worker_threads'
import { killGroup } from './process-group.ts'

const LOOK_IN_MILLIS = 500

setInterval(() => {
  if (process.ppid !== workerData) killGroup(process.pid)
}, LOOK_IN_MILLIS)
