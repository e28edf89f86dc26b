// Preloaded into an example: prints the AsyncAPI document of each API as soon as its server is ready.
import { subscribe } from 'node:diagnostics_channel'

subscribe('fastify.initialization', ({ fastify }) => {
  const scopes = [fastify]
  fastify.addHook('onRegister', (scope) => { scopes.push(scope) })
  fastify.addHook('onReady', (done) => {
    done()
    setImmediate(async () => {
      for (const scope of scopes) {
        const apis = Object.getOwnPropertySymbols(scope).find(({ description }) => /apis$/i.test(description ?? ''))
        for (const { webSocketApi } of Object.values(apis === undefined ? {} : scope[apis])) {
          const { document } = await webSocketApi.toAsyncAPI()
          process.stdout.write(`\ndocument ${JSON.stringify(document)}\n`)
        }
      }
      process.stdout.write('\ndocumented\n')
    })
  })
})
