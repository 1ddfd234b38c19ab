import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
  validateSync,
} from 'class-validator';

const url = { require_tld: false, require_protocol: true } as const;
const flag = ({ value }: { value: unknown }): unknown =>
  value === '1' || value === 'true' ? true : value === '0' || value === 'false' ? false : value;
const empty = ({ value }: { value: unknown }): unknown => (value === '' ? undefined : value);
const keepsInBucket = ({ MEDIA_STORE }: Config): boolean => MEDIA_STORE === 's3';

/** The configuration of one process, as the operator gave it: names are those of the environment (contract 2). */
export class Config {
  @IsIn(['production', 'demo', 'test'])
  NODE_ENV: 'production' | 'demo' | 'test' = 'production';

  @IsInt()
  @Min(0)
  @Max(65535)
  @Type(() => Number)
  PORT = 3000;

  @IsString()
  HOST = '0.0.0.0';

  /** Where a worker answers /health and /metrics; it serves no HTTP without. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65535)
  @Type(() => Number)
  WORKER_PORT?: number;

  @IsIn(['all', 'api', 'worker'])
  ROLE: 'all' | 'api' | 'worker' = 'all';

  @IsUrl({ ...url, protocols: ['postgres', 'postgresql'] })
  DATABASE_URL!: string;

  @IsOptional()
  @IsUrl({ ...url, protocols: ['redis', 'rediss'] })
  @Transform(empty)
  REDIS_URL?: string;

  @IsString()
  NODUE_DATA_DIR = '.nodue';

  /** Where files are kept: below NODUE_DATA_DIR, or in a bucket that speaks S3. Several processes need a folder that they share, or the bucket. */
  @IsIn(['file', 's3'])
  MEDIA_STORE: 'file' | 's3' = 'file';

  @ValidateIf(keepsInBucket)
  @IsUrl({ ...url, protocols: ['http', 'https'] })
  S3_ENDPOINT?: string;

  @ValidateIf(keepsInBucket)
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: 'must be the name of a bucket' })
  S3_BUCKET?: string;

  @ValidateIf(keepsInBucket)
  @MinLength(1, { message: 'must be the id of an access key' })
  S3_ACCESS_KEY_ID?: string;

  @ValidateIf(keepsInBucket)
  @MinLength(1, { message: 'must be the secret of the access key' })
  S3_SECRET_ACCESS_KEY?: string;

  @Matches(/^[\w-]+$/, { message: 'must be the name of a region' })
  S3_REGION = 'us-east-1';

  @IsUrl({ ...url, protocols: ['http', 'https'] })
  WHATSAPP_GRAPH_URL = 'https://graph.facebook.com';

  @Matches(/^v\d+\.\d+$/, { message: 'must look like v24.0' })
  WHATSAPP_API_VERSION = 'v24.0';

  @MinLength(1)
  META_APP_ID!: string;

  @MinLength(8, { message: 'must be the app secret of the Meta app (at least 8 characters)' })
  META_APP_SECRET!: string;

  /** Still accepted while the secret is being rotated. */
  @IsOptional()
  @IsString()
  @Transform(empty)
  META_APP_SECRET_PREVIOUS?: string;

  @MinLength(8, { message: 'must be a secret of at least 8 characters' })
  WHATSAPP_VERIFY_TOKEN!: string;

  @Matches(/^[\w-]+:[A-Za-z0-9+/]{43}=(,[\w-]+:[A-Za-z0-9+/]{43}=)*$/, {
    message: 'must be id:base64[,id:base64], each key 32 bytes; the first encrypts, all decrypt',
  })
  ENCRYPTION_KEYS!: string;

  @MinLength(32, { message: 'must be a secret of at least 32 characters' })
  JWT_SECRET!: string;

  @MinLength(24, { message: 'must be a secret of at least 24 characters' })
  PLATFORM_KEY!: string;

  /** Milliseconds for which a menu can be answered (C5). */
  @IsInt()
  @Min(1000)
  @Max(86_400_000)
  @Type(() => Number)
  WHATSAPP_SESSION_TTL_MS = 60_000;

  /**
   * Origins of merchants' receivers that the operator vouches for, comma-separated (`http://erp.internal:8080`): they may speak http, listen
   * on any port and stand in the private network, where no other receiver may.
   */
  @Matches(/^(https?:\/\/[a-z0-9.[\]:-]+(,https?:\/\/[a-z0-9.[\]:-]+)*)?$/, {
    message: 'must be origins like http://erp.internal:8080, comma-separated',
  })
  WEBHOOK_TRUSTED_ORIGINS = '';

  /** Off: nothing is planned, decided or sent about dues, and their routes are not there. */
  @IsBoolean()
  @Transform(flag)
  ENABLE_REMINDERS = true;

  @IsBoolean()
  @Transform(flag)
  SANDBOX = false;

  @IsInt()
  @Min(0)
  @Max(65535)
  @Type(() => Number)
  SANDBOX_PORT = 3001;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL = 'info';

  @IsIn(['pretty', 'json'])
  LOG_FORMAT: 'pretty' | 'json' = process.stdout.isTTY ? 'pretty' : 'json';

  /** Proxies in front of the application whose X-Forwarded-For may be believed (a number of hops). */
  @IsInt()
  @Min(0)
  @Max(10)
  @Type(() => Number)
  TRUSTED_PROXY_HOPS = 0;

  /** Whether a merchant's receiver may be anywhere: the operator says so; in the sandbox this machine is. */
  vouchesFor({ origin, hostname }: URL): boolean {
    if (this.SANDBOX && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return true;
    const trusted = this.WEBHOOK_TRUSTED_ORIGINS.split(',');
    return trusted.some((one) => URL.canParse(one) && new URL(one).origin === origin);
  }

  get redis(): boolean {
    return this.REDIS_URL !== undefined;
  }

  get servesHttp(): boolean {
    return this.ROLE !== 'worker';
  }

  get works(): boolean {
    return this.ROLE !== 'api';
  }
}

export class InvalidConfiguration extends Error {
  constructor(readonly findings: string[]) {
    super(findings.join('\n'));
  }
}

/** Reads and checks the environment. @throws InvalidConfiguration with one line for each bad variable, never its value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const names = [...new Set([...Object.getOwnPropertyNames(new Config()), ...WITHOUT_DEFAULT])];
  const given = Object.fromEntries(
    names
      .filter((name) => environment[name] !== undefined && environment[name] !== '')
      .map((name) => [name, environment[name]]),
  );
  const config = plainToInstance(Config, given, { exposeDefaultValues: true });
  const findings = validateSync(config, { forbidUnknownValues: false }).map((error) => {
    const rule = Object.values(error.constraints ?? {})[0] ?? 'is not valid';
    const given =
      environment[error.property] === undefined || environment[error.property] === '' ? ' (it is not set)' : '';
    return `${error.property} ${rule.replace(`${error.property} `, '')}${given}`;
  });
  if (config.SANDBOX === true && config.NODE_ENV === 'production')
    findings.push('SANDBOX must be 0 in production: the sandbox stands in for Meta and moves the clock');
  if (findings.length > 0) throw new InvalidConfiguration(findings);
  return Object.freeze(config);
}

/** Variables without a default: a fresh `Config` does not have them, so they are named here. */
const WITHOUT_DEFAULT = [
  'WORKER_PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'META_APP_ID',
  'META_APP_SECRET',
  'META_APP_SECRET_PREVIOUS',
  'WHATSAPP_VERIFY_TOKEN',
  'ENCRYPTION_KEYS',
  'JWT_SECRET',
  'PLATFORM_KEY',
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
];
