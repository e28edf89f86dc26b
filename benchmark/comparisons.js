// What is compared with which baseline of the rig, and the limits of each figure.
import { fileURLToPath } from 'node:url'

const PATH = '--path /prod'
/** The rig then checks the first replies. */
const ECHO = `${PATH} --expect "action":"route`
const CPU = 'cpu_us_per_msg'
/** A baseline that the rig has not. */
const OWN_BASELINES = { inject: fileURLToPath(new URL('inject.js', import.meta.url)) }

/**
 * `env` chooses the variant of server.js, `seconds` how long a sample takes (a quarter of one), `load` is said to the load
 * generator for both sides, `own` for ours alone; `figure` is the rig's name of what is compared.
 */
export const COMPARISONS = [
  {
    name: 'echo-1',
    title: 'echo, one message at a time (W=1)',
    mode: 'echo',
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '≤ 1.10',
    goal: '≤ 1.00'
  },
  {
    name: 'echo-1-async',
    title: 'the same, async handler',
    mode: 'echo',
    env: { HANDLER: 'async' },
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '',
    goal: ''
  },
  {
    name: 'echo-1-parse',
    title: 'the same, async handler that parses the body again',
    mode: 'echo',
    env: { HANDLER: 'parse' },
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '',
    goal: ''
  },
  {
    name: 'echo-1-300',
    title: 'the same as the first, 300 routes',
    mode: 'echo',
    env: { ROUTES: '300' },
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '',
    goal: ''
  },
  {
    name: 'model',
    title: 'model, proxy event and route response',
    mode: 'echo',
    env: { MODEL: '1' },
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '≤ 1.25',
    goal: '≤ 1.10'
  },
  {
    name: 'mock',
    title: 'MOCK with a request and a response template',
    mode: 'echo',
    env: { HANDLER: 'mock' },
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '≤ 1.60',
    goal: ''
  },
  {
    name: 'http',
    title: 'HTTP_PROXY to a route of this server, to app.inject() of it by hand',
    mode: 'echo',
    env: { HANDLER: 'http' },
    baseline: OWN_BASELINES.inject,
    own: ECHO,
    figure: CPU,
    must: '≤ 1.25',
    goal: ''
  },
  {
    name: 'echo-8',
    title: 'echo, eight messages at a time (W=8)',
    mode: 'echo',
    load: ['--window', '8'],
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '≤ 0.70',
    goal: '≤ 0.55'
  },
  {
    name: 'echo-8-async',
    title: 'the same, async handler',
    mode: 'echo',
    load: ['--window', '8'],
    env: { HANDLER: 'async' },
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '',
    goal: ''
  },
  {
    name: 'echo-32k',
    title: 'echo, messages of 32 KB',
    mode: 'echo',
    args: ['--payload', '32k'],
    baseline: 'fastify-ws.mjs',
    own: ECHO,
    figure: CPU,
    must: '≤ 1.05',
    goal: '≤ 1.00'
  },
  {
    name: 'open',
    title: 'open loop, 10 000 messages/s over 200 connections: p99, to bare ws',
    mode: 'open',
    args: ['--conns', '200'],
    load: ['--rate', '10000', '--warmtime', '1'],
    // A 99th percentile of fewer messages is whether the scavenge that promotes the new connections falls among them.
    seconds: '2',
    baseline: 'ws-bare.mjs',
    own: PATH,
    figure: 'lat_p99_us',
    must: '≤ 1.5',
    goal: '≤ 1.1'
  },
  {
    name: 'idle',
    title: 'heap of an idle connection, with everything a connection can carry',
    mode: 'idle',
    env: { FULL: '1' },
    baseline: 'fastify-ws.mjs',
    own: PATH,
    figure: 'heap_kb_per_conn',
    isAbsolute: true,
    must: '≤ 3.4',
    goal: '≤ 2.9'
  },
  {
    name: 'connect',
    title: 'connect with a $connect route, and close',
    mode: 'connect',
    args: ['--conns', '32'],
    env: { CONNECT: '1' },
    baseline: 'fastify-ws.mjs',
    own: PATH,
    figure: CPU,
    must: '≤ 1.15',
    goal: '≤ 1.00'
  },
  {
    name: 'push',
    title: 'POST /@connections/ID over 500 connections, to fastify-push',
    mode: 'push',
    args: ['--conns', '500'],
    baseline: 'fastify-push.mjs',
    own: `${PATH} --push-path /prod/@connections/%s`,
    figure: CPU,
    must: '≤ 1.10',
    goal: '≤ 0.95'
  }
]
