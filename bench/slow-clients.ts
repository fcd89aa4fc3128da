import { connect } from 'node:net';

/** `slow-clients.ts PORT COUNT`: each sends a byte a second, and comes again when it is sent away. */
const [port, count] = process.argv.slice(2).map(Number) as [number, number];

function come(): void {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.once('close', () => setTimeout(come, 50));
  socket.write('GET / HTTP/1.1\r\nX: ');
  const drip = setInterval(() => socket.write('x'), 1000);
  socket.once('close', () => clearInterval(drip));
}

for (let i = 0; i < count; i++) setTimeout(come, Math.floor(i / 4));
