import { createServer, type Server, Socket } from 'node:net';

/** Stands between the product and PostgreSQL, and sees transactions end that have written a message. */
export class CommitWatch {
  /** Called when PostgreSQL has committed such a transaction; the product is told once this has ended, if it still lives. */
  onMessageCommitted: () => Promise<void> = () => Promise.resolve();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target = { host: '', port: 0 };

  constructor() {
    this.#server = createServer((client) => this.#join(client));
  }

  /** @returns the URL that leads through here to the database of `url` */
  async through(url: string): Promise<string> {
    const target = new URL(url);
    this.#target = { host: target.hostname, port: Number(target.port) };
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as { port: number };
    return Object.assign(target, { hostname: '127.0.0.1', port: String(port) }).href;
  }

  async close(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const database = new Socket().connect(this.#target);
    let wrote = false;
    let commits = false;
    for (const socket of [client, database]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client
      .on('close', () => database.destroy())
      .on('data', (data) => {
        const said = data.toString('latin1');
        if (said.includes('insert into message (')) wrote = true;
        if (/\brollback\b/i.test(said)) wrote = false;
        if (wrote && /\bcommit\b/i.test(said)) commits = true;
        database.write(data);
      });
    database
      .on('close', () => client.destroy())
      .on('data', (data) => {
        if (!commits) return void client.write(data);
        wrote = commits = false;
        database.pause();
        void this.onMessageCommitted().finally(() => {
          client.write(data);
          database.resume();
        });
      });
  }
}
