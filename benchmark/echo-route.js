// The REST route that serves messages in process, the same for the gateway and for the handler written by hand.

export const ECHO_URL = '/orders'

export function registerEcho (app) {
  app.post(ECHO_URL, async ({ body: { action, n } }) => ({ action, n }))
}
