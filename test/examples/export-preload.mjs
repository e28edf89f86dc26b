// Loaded before an example: when its server is ready, its APIs are exported, and what comes of it is printed as a line each.
import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'

const [stdout] = [1]
const print = (line) => { writeSync(stdout, `EXPORT ${JSON.stringify(line)}\n`) }

subscribe('fastify.initialization', ({ fastify }) => {
  const scopes = [fastify]
  fastify.addHook('onRegister', (scope) => { scopes.push(scope) })
  fastify.addHook('onReady', async () => { setImmediate(exportAll, scopes) })
})

async function exportAll (scopes) {
  const seen = new Set()
  for (const scope of scopes.filter((scope) => scope.hasDecorator('webSocketApi'))) {
    for (const name of [undefined, 'lobby']) {
      let api
      try {
        api = name === undefined ? scope.webSocketApi : scope.webSocketApi.get(name)
        if (seen.has(api.apiId)) continue
      } catch { continue }
      seen.add(api.apiId)
      try {
        print(await api.toCloudFormation({ functionMode: 'parameter', origin: 'https://api.example.com' }))
      } catch ({ code, message }) {
        print({ code, message })
      }
    }
  }
  process.emit('SIGINT')
}
