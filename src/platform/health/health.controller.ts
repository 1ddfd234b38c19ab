import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/index.js';
import { type CheckResult, type Readiness, ReadinessProbe } from './readiness.js';
import { ServiceHealth, type WhatsAppHealth } from './service-health.js';

class AliveView {
  @ApiProperty({ type: 'boolean', enum: [true] })
  ok!: true;
}

const RESULTS = ['ok', 'degraded', 'failed'];

class ChecksView {
  @ApiProperty({ enum: RESULTS }) database!: CheckResult;
  @ApiProperty({ enum: RESULTS }) migrations!: CheckResult;
  @ApiProperty({
    enum: RESULTS,
    description: 'degraded: wake-ups are not delivered, the sweep finds due work within seconds',
  })
  queue!: CheckResult;
  @ApiProperty({ enum: RESULTS, description: 'failed: the process is starting or stopping' }) lifecycle!: CheckResult;
}

class ReadinessView implements Readiness {
  @ApiProperty() ready!: boolean;
  @ApiProperty({ type: ChecksView }) checks!: ChecksView;
}

class ServicesView {
  @ApiProperty({ enum: ['operational', 'delayed', 'down'] })
  messageHandler!: WhatsAppHealth['services']['messageHandler'];
  @ApiProperty({ enum: ['operational', 'down', 'not-used'] }) redis!: WhatsAppHealth['services']['redis'];
  @ApiProperty({ enum: ['operational', 'down'] }) database!: WhatsAppHealth['services']['database'];
}

class WhatsAppHealthView implements WhatsAppHealth {
  @ApiProperty({ enum: ['healthy', 'degraded', 'unhealthy'] }) status!: WhatsAppHealth['status'];
  @ApiProperty({ type: ServicesView }) services!: ServicesView;
}

/** For supervisors, balancers and people; says nothing of anybody's data. */
@ApiTags('Operations')
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessProbe,
    private readonly services: ServiceHealth,
  ) {}

  @Get('health')
  @ApiOperation({ summary: 'Whether the process runs (S2.45)' })
  @ApiOkResponse({ type: AliveView })
  health(): AliveView {
    return { ok: true };
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process runs; restart it when it does not answer' })
  @ApiOkResponse({ type: AliveView })
  live(): AliveView {
    return { ok: true };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether to send work to this process' })
  @ApiOkResponse({ type: ReadinessView })
  @ApiServiceUnavailableResponse({ type: ReadinessView })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.check();
    if (!readiness.ready) void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }

  @Get('whatsapp/health')
  @ApiOperation({ summary: 'The parts of the WhatsApp channel (S3.54)' })
  @ApiOkResponse({ type: WhatsAppHealthView })
  @ApiServiceUnavailableResponse({ type: WhatsAppHealthView })
  async whatsapp(@Res({ passthrough: true }) reply: FastifyReply): Promise<WhatsAppHealth> {
    const health = await this.services.check();
    if (health.status === 'unhealthy') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return health;
  }
}
