/** Accepts every message at once, as little as a Graph API can do: the ceiling is the sender's, not its own. */
import { createServer } from 'node:http';

let accepted = 0;
let firstAt = 0;

createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end(JSON.stringify({ accepted, secondsSinceFirst: (performance.now() - firstAt) / 1000 }));
    if (request.method === 'DELETE') accepted = 0;
    return;
  }
  request.resume().on('end', () => {
    if (accepted++ === 0) firstAt = performance.now();
    const body = JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: `wamid.${firstAt}.${accepted}` }] });
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
