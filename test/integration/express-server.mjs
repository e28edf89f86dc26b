// A back end as people have them: Express in a process of its own. Tells its port to the parent, and shows each request.
import express from 'express'

const app = express()
app.use(express.json())
app.use(express.text({ type: 'text/*' }))

const describe = ({ method, originalUrl, headers, body }) => ({ method, url: originalUrl, headers, body: body ?? null })

app.all('/echo{/*path}', (request, response) => { response.json(describe(request)) })
app.all(/^\/\/echo$/, (request, response) => { response.json(describe(request)) })
app.post('/orders', (request, response) => {
  if (typeof request.body?.id !== 'number') response.status(422).json({ message: 'id must be a number' })
  else response.status(201).set('x-order', String(request.body.id)).json({ created: request.body.id })
})
app.all('/redirect', (request, response) => { response.redirect(302, '/echo') })
app.all('/text', (request, response) => { response.type('text/plain').send('plain ✓') })
app.all('/wrong-json', (request, response) => { response.type('application/json').send('{"broken": ') })
app.all('/bytes', (request, response) => { response.type('application/octet-stream').send(Buffer.from([0xff, 0xfe, 0x00, 0x41])) })
app.all('/base64', (request, response) => { response.type('text/plain').send('aMOp') })
app.all('/status/:status', (request, response) => { response.status(Number(request.params.status)).send('as asked') })
app.all('/many', (request, response) => { response.set('x-many', ['a', 'b']).send('many') })

const server = app.listen(0, '127.0.0.1', () => { process.send({ port: server.address().port }) })
process.on('disconnect', () => { process.exit() })
