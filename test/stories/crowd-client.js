// A process that is a crowd: it opens thousands of bare WebSockets at once and does with all of them what it is told.
import { connect } from 'node:net'

const HANDSHAKE = [
  'GET /prod HTTP/1.1', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''
].join('\r\n')
const CLOSE = 0x88

/** @type {Array<import('node:net').Socket>} */
const sockets = []
const counts = { opened: 0, refused: 0, answered: 0, closed: 0, failed: 0 }

process.on('message', (/** @type {any} */ { port, count, say, die }) => {
  if (die) process.kill(process.pid, 'SIGKILL')
  for (let i = 0; i < (count ?? 0); i++) dial(port)
  if (say !== undefined) for (const socket of sockets) socket.write(maskedText(say))
})
setInterval(() => { process.send?.(counts) }, 50)

function dial (/** @type {number} */ port) {
  const socket = connect(port, '127.0.0.1')
  let isOpen = false
  socket.write(HANDSHAKE)
  socket.on('data', (chunk) => {
    if (!isOpen) {
      isOpen = chunk.toString('latin1').startsWith('HTTP/1.1 101 ')
      if (isOpen) sockets.push(socket)
      counts[isOpen ? 'opened' : 'refused']++
      if (!isOpen) socket.destroy()
    } else if (chunk[0] === CLOSE) {
      counts.closed++
      socket.end(Buffer.from([CLOSE, 0x82, 0, 0, 0, 0, ...chunk.subarray(2, 4)]))
    } else {
      counts.answered++
    }
  })
  socket.on('error', () => { counts.failed++ })
}

function maskedText (/** @type {string} */ text) {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}
