/**
 * Programs that Node runs inside a namespace (`node -e`), so that nothing has to be installed for a TCP or UDP probe.
 * All end by themselves.
 */

/** An echo service: PROTOCOL ADDRESS PORT. Says `ready` when it listens; ends after a minute. */
export const ECHO_SCRIPT = `
const [protocol, address, port] = process.argv.slice(1);
setTimeout(() => process.exit(0), 60000);
const fail = (e) => { console.log('failed ' + e.code); process.exit(1); };
const ready = () => console.log('ready');
if (protocol === 'tcp') {
  const server = require('net').createServer((s) => { s.on('error', () => {}); s.pipe(s); });
  server.on('error', fail);
  server.listen({ port: Number(port), host: address }, ready);
} else {
  const socket = require('dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', fail);
  socket.on('message', (m, from) => socket.send(m, from.port, from.address, () => {}));
  socket.bind(Number(port), address, ready);
}
`;

/**
 * One question: PROTOCOL ADDRESS PORT SOURCE. Prints `answered`, `timeout`, `hang` or `error ERRNO`. SOURCE is empty
 * where the kernel picks.
 */
export const ASK_SCRIPT = `
const [protocol, address, port, source] = process.argv.slice(1);
const say = (what) => { console.log(what); process.exit(0); };
const local = source ? { localAddress: source } : {};
if (protocol === 'tcp') {
  let open = false;
  const s = require('net').connect({ host: address, port: Number(port), ...local });
  const silence = setTimeout(() => say('timeout'), 1500);
  s.on('connect', () => {
    open = true;
    clearTimeout(silence);
    setTimeout(() => say('hang'), 1200);
    s.write('waymark');
  });
  s.on('data', () => say('answered'));
  s.on('error', (e) => say('error ' + e.code));
  s.on('close', () => say(open ? 'hang' : 'timeout'));
} else {
  const s = require('dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
  s.on('error', (e) => say('error ' + e.code));
  s.on('message', () => say('answered'));
  const ask = () => s.connect(Number(port), address, (e) => {
    if (e) say('error ' + e.code);
    s.send('waymark', (f) => f && say('error ' + f.code));
    setTimeout(() => say('timeout'), 1200);
  });
  if (source) s.bind({ address: source }, ask); else ask();
}
`;
