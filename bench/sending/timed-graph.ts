/** Accepts every message after a while, as Meta does, and remembers when each number's came. */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const ANSWERS_AFTER_MS = Number(process.env.GRAPH_MS ?? 30);
const came = new Map<string, number[]>();
let accepted = 0;

createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end(JSON.stringify({ accepted, came: Object.fromEntries(came) }));
    if (request.method === 'DELETE') {
      came.clear();
      accepted = 0;
    }
    return;
  }
  const number = request.url!.split('/').at(-2)!;
  const times = came.get(number) ?? [];
  times.push(Date.now());
  came.set(number, times);
  const id = `wamid.${process.pid}.${++accepted}.${Date.now()}`;
  request.resume().on('end', () => {
    void delay(ANSWERS_AFTER_MS).then(() => {
      const body = JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id }] });
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        .end(body);
    });
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
