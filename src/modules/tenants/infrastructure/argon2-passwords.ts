import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { Passwords } from '../application/users/passwords.js';

/** argon2id (the package's default) with OWASP's first choice: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

@Injectable()
export class Argon2Passwords extends Passwords implements OnModuleInit {
  #nobodys = '';

  async onModuleInit(): Promise<void> {
    this.#nobodys = await this.hash(randomBytes(16).toString('hex'));
  }

  hash(password: string): Promise<string> {
    return hash(password.normalize('NFKC'), COST);
  }

  async matches(password: string, known: string | undefined): Promise<boolean> {
    const matches = await verify(known ?? this.#nobodys, password.normalize('NFKC'));
    return matches && known !== undefined;
  }
}
