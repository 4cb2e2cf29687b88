import { createServer, connect, type Server, type Socket } from 'node:net';

/** A way to a port of this machine that can be taken away and given back, as a port-forward is. */
export class Relay {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  private constructor(private readonly target: number) {}

  static async to(address: string): Promise<Relay> {
    const relay = new Relay(Number(new URL(address).port));
    await relay.open();
    return relay;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** At the same port as before. */
  async open(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(this.target, '127.0.0.1');
      for (const [one, other] of [[near, far], [far, near]] as const) {
        this.sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((done) => this.server?.listen(this.port, '127.0.0.1', done));
    const address = this.server.address();
    if (address && typeof address === 'object') this.port = address.port;
  }

  /** With every connection. */
  async cut(): Promise<void> {
    const closed = new Promise((done) => this.server?.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
