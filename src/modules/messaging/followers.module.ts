import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Followers } from './infrastructure/outbound/followers.js';

/** Those in other modules who follow messages that they ordered. */
@Module({ imports: [DiscoveryModule], providers: [Followers], exports: [Followers] })
export class FollowersModule {}
