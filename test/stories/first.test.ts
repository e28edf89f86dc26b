import t from 'tap'
import { story } from './harness.ts'

story(t, 'a client connects, asks, is answered and leaves', {
  declare (app) {
    app.routeKey('echo', { routeResponseSelectionExpression: '$default' }, async (event) => ({ statusCode: 200, body: event.body }))
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ action: 'echo', n: 1 }), '{"action":"echo","n":1}')
  await client.close()
})
